import { LRUCache } from 'lru-cache';

export const JSON_TYPE = 'application/json';
export const RESPONSE_TYPE = 'application/graphql-response+json';

/** The version of incremental delivery that is spoken. */
export const DEFER_SPEC = 'deferSpec=20220824';

export interface Acceptance {
  /** How one answer is written; null when the client takes none of the forms that there are. */
  single: typeof JSON_TYPE | typeof RESPONSE_TYPE | null;
  /** The client names `application/json` and not its successor: a document that is not valid is an answer like any other to it. */
  isOld: boolean;
  /** The client takes an answer that goes on. */
  stream: 'text/event-stream' | 'multipart/mixed' | null;
  /** The client takes deferred parts of an answer after the rest, in the form that Apollo's clients know. */
  defers: boolean;
}

/** Browsers send few different headers; understanding one costs more than remembering it. */
const known = new LRUCache<string, Acceptance>({ max: 1_000 });

/** What an Accept header takes. No header takes `application/json`. */
export function acceptanceOf(accept: string | undefined): Acceptance {
  if (!accept) return { single: JSON_TYPE, isOld: false, stream: null, defers: false };
  const remembered = known.get(accept);
  if (remembered) return remembered;
  const acceptance = understood(accept);
  known.set(accept, acceptance);
  return acceptance;
}

interface Range {
  type: string;
  quality: number;
  parameters: readonly string[];
}

function understood(accept: string): Acceptance {
  const ranges = accept
    .split(',')
    .map(rangeOf)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  const types = ranges.map(({ type }) => type);
  const single = types.map(singleFor).find((type) => type !== null) ?? null;
  const stream = types.map(streamFor).find((type) => type !== null) ?? null;
  const defers = ranges.some(({ type, parameters }) => type === 'multipart/mixed' && parameters.includes(DEFER_SPEC.toLowerCase()));
  return { single, isOld: types.includes(JSON_TYPE) && !types.includes(RESPONSE_TYPE), stream, defers };
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0, parameters };
}

function singleFor(type: string): Acceptance['single'] {
  if (type === RESPONSE_TYPE) return RESPONSE_TYPE;
  return type === JSON_TYPE || type === 'application/*' || type === '*/*' ? JSON_TYPE : null;
}

function streamFor(type: string): Acceptance['stream'] {
  return type === 'text/event-stream' || type === 'multipart/mixed' ? type : null;
}
