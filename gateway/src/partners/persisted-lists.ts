import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, type Manifest } from './manifest.js';
import { readTerms, type PartnerTerms } from './partner-terms.js';

export interface PartnerList {
  terms: PartnerTerms;
  manifest: Manifest;
}

/** All operations that somebody registered. */
export interface PersistedLists {
  /** By the name of its files, which its API client names. */
  partners: ReadonlyMap<string, PartnerList>;
  /** Of our own web and mobile clients, by the name of the file. */
  clients: ReadonlyMap<string, Manifest>;
}

export const nothingPersisted: PersistedLists = { partners: new Map(), clients: new Map() };

/** All of them, to be planned ahead. */
export function registeredTexts({ partners, clients }: PersistedLists): string[] {
  const manifests = [...[...partners.values()].map(({ manifest }) => manifest), ...clients.values()];
  return manifests.flatMap(({ byId }) => [...byId.values()].map(({ body }) => body));
}

export type ReadLists = { kind: 'read'; lists: PersistedLists } | { kind: 'faulty'; faults: readonly string[] };

/**
 * Reads `partners/<name>.manifest.json`, each with `<name>.json` beside it, and `clients/*.manifest.json` of a folder. What is not there
 * is empty; what is there and wrong makes all of it faulty.
 */
export async function readPersistedLists(folder: string): Promise<ReadLists> {
  const faults: string[] = [];
  const partners = new Map<string, PartnerList>();
  for (const name of await namesIn(join(folder, 'partners'))) {
    const list = await readPartner(join(folder, 'partners'), name, faults);
    if (list) partners.set(name, list);
  }
  const clients = new Map<string, Manifest>();
  for (const name of await namesIn(join(folder, 'clients'))) {
    const manifest = await readList(join(folder, 'clients', `${name}.manifest.json`), faults);
    if (manifest) clients.set(name, manifest);
  }
  if (faults.length > 0) return { kind: 'faulty', faults };
  return { kind: 'read', lists: { partners, clients } };
}

/** As `readPersistedLists`; throws an error that lists all faults. */
export async function loadPersistedLists(folder: string): Promise<PersistedLists> {
  const read = await readPersistedLists(folder);
  if (read.kind === 'read') return read.lists;
  throw new Error(`The persisted operations cannot be used:\n${read.faults.map((fault) => `  ${fault}`).join('\n')}`);
}

async function readPartner(folder: string, name: string, faults: string[]): Promise<PartnerList | null> {
  const file = join(folder, `${name}.json`);
  const text = await readFile(file, 'utf8').catch(() => null);
  const terms = text === null ? null : readTerms(file, text);
  if (!terms) faults.push(`${file}: missing; it says what was agreed with the partner`);
  else if (terms.kind === 'faulty') faults.push(...terms.faults);
  const manifest = await readList(join(folder, `${name}.manifest.json`), faults);
  return terms?.kind === 'read' && manifest ? { terms: terms.terms, manifest } : null;
}

async function readList(file: string, faults: string[]): Promise<Manifest | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    faults.push(`${file}: missing; it holds the operations`);
    return null;
  }
  const read = readManifest(file, text);
  if (read.kind === 'read') return read.manifest;
  faults.push(...read.faults);
  return null;
}

async function namesIn(folder: string): Promise<string[]> {
  const names = (await filesIn(folder)).filter((file) => file.endsWith('.json')).map((file) => file.replace(/(\.manifest)?\.json$/, ''));
  return [...new Set(names)];
}

async function filesIn(folder: string): Promise<string[]> {
  const names: string[] = await readdir(folder).catch(() => []);
  return names.toSorted();
}
