import { describe, expect, it } from 'vitest';
import { hashOf, readManifest } from './manifest.js';
import { partnerModes, type PartnerMode } from './partner-terms.js';
import { findDocument, type NamedDocument } from './persisted-document.js';

const body = 'query Shelf {\n  me {\n    id\n  }\n}';
const id = hashOf(body);
const other = 'query Other { me { email } }';
const read = readManifest('f', JSON.stringify({ [id]: body }));
const manifest = read.kind === 'read' ? read.manifest : { byId: new Map(), byText: new Map() };

const find = (named: Partial<NamedDocument>, mode: PartnerMode | null) =>
  findDocument({ query: null, documentId: null, extensions: {}, ...named }, { manifest, mode });
const outcome = (named: Partial<NamedDocument>, mode: PartnerMode | null) => {
  const found = find(named, mode);
  return found.kind === 'found' ? found.text : found.error.extensions['code'];
};
const persistedQuery = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe('a registered operation', () => {
  it.each([...partnerModes, null])('is found by its id in every form, in mode %s', (mode) => {
    for (const named of [
      { documentId: id },
      { documentId: `sha256:${id}` },
      { documentId: id.toUpperCase() },
      persistedQuery(id),
      { documentId: id, query: body },
      { documentId: id, query: '' },
      { query: body, ...persistedQuery(id) },
    ])
      expect(find(named, mode)).toEqual({ kind: 'found', text: body, as: 'id' });
  });

  it('is meant by documentId first', () => {
    expect(outcome({ documentId: id, ...persistedQuery(hashOf(other)) }, 'ID_ONLY')).toBe(body);
  });

  it.each([...partnerModes, null])('is not sent with another text, in mode %s', (mode) => {
    expect(outcome({ documentId: id, query: other }, mode)).toBe('CANNOT_SEND_PQ_ID_AND_BODY');
    expect(outcome({ query: body, ...persistedQuery(hashOf(other)) }, mode)).toBe('CANNOT_SEND_PQ_ID_AND_BODY');
  });
});

describe('a text', () => {
  const laidOut = '# hello\nquery Shelf { me { id } }';
  it.each([
    ['OFF', laidOut, other],
    ['LOG_UNKNOWN', body, other],
    ['SAFELIST', body, 'QUERY_NOT_IN_SAFELIST'],
    ['ID_ONLY', 'PERSISTED_QUERY_ID_REQUIRED', 'PERSISTED_QUERY_ID_REQUIRED'],
    [null, laidOut, other],
  ] as const)('in mode %s: a registered one %s, any other %s', (mode, registered, unknown) => {
    expect([outcome({ query: laidOut }, mode), outcome({ query: other }, mode)]).toEqual([registered, unknown]);
  });

  it('that the list lacks is worth a note in LOG_UNKNOWN alone', () => {
    expect([find({ query: other }, 'LOG_UNKNOWN'), find({ query: other }, 'OFF'), find({ query: laidOut }, 'LOG_UNKNOWN')]).toMatchObject([
      { as: 'unlisted-text' },
      { as: 'free-text' },
      { as: 'listed-text' },
    ]);
  });

  it('that is no GraphQL is in no list', () => {
    expect(outcome({ query: '"' }, 'SAFELIST')).toBe('QUERY_NOT_IN_SAFELIST');
  });
});

describe('an id that is in no list', () => {
  it.each(partnerModes)('is refused a partner in mode %s, and is not registered by sending its text', (mode) => {
    expect(outcome({ documentId: hashOf(other) }, mode)).toBe('PERSISTED_QUERY_NOT_IN_LIST');
    const withText = outcome({ query: other, ...persistedQuery(hashOf(other)) }, mode);
    expect(withText).toBe(mode === 'OFF' || mode === 'LOG_UNKNOWN' ? other : 'PERSISTED_QUERY_NOT_IN_LIST');
    expect(outcome(persistedQuery(hashOf(other)), mode)).toBe('PERSISTED_QUERY_NOT_IN_LIST');
  });

  it('with its text is worth the same note as the text alone', () => {
    expect(find({ query: other, ...persistedQuery(hashOf(other)) }, 'LOG_UNKNOWN')).toMatchObject({ as: 'unlisted-text' });
  });

  it('asks our own clients for the text, which runs and is forgotten', () => {
    expect(outcome(persistedQuery(hashOf(other)), null)).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(outcome({ query: other, ...persistedQuery(hashOf(other)) }, null)).toBe(other);
    expect(outcome(persistedQuery(hashOf(other)), null)).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it.each([
    [{ persistedQuery: { version: 2, sha256Hash: id } }, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    [{ persistedQuery: { version: 1 } }, 'BAD_REQUEST'],
    [{ persistedQuery: 'x' }, 'BAD_REQUEST'],
    [{}, 'BAD_REQUEST'],
  ])('has a form: %o', (extensions, code) => {
    expect(outcome({ extensions }, null)).toBe(code);
  });
});
