import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { persist } from './persist.js';
import { checkOf, sourceFiles } from './persist-folder.js';
import { readPersistedLists } from './persisted-lists.js';

export interface CheckedLists {
  faults: readonly string[];
  /** One line for each list without a fault. */
  sound: readonly string[];
}

/**
 * Judges everything that is registered in a folder with a schema: the files themselves, each operation by the schema, and a partner's by its
 * scopes and its ceiling. A list beside which its `.graphql` files lie has to be what they make.
 */
export async function checkLists(schemaFolder: string): Promise<CheckedLists> {
  const read = await readPersistedLists(schemaFolder);
  if (read.kind === 'faulty') return { faults: read.faults, sound: [] };
  const check = await checkOf(schemaFolder);
  const lists = [
    ...[...read.lists.partners].map(([name, { manifest, terms }]) => ({
      file: join(schemaFolder, 'partners', `${name}.manifest.json`),
      operations: manifest.byId.size,
      faults: check.ofPartner(manifest, terms),
    })),
    ...[...read.lists.clients].map(([name, manifest]) => ({
      file: join(schemaFolder, 'clients', `${name}.manifest.json`),
      operations: manifest.byId.size,
      faults: check.ofClient(manifest),
    })),
  ];
  const judged = await Promise.all(lists.map(async (list) => ({ ...list, faults: [...list.faults, ...(await staleness(list.file))] })));
  return {
    faults: judged.flatMap(({ file, faults }) => faults.map((fault) => `${file}: ${fault}`)),
    sound: judged.filter(({ faults }) => faults.length === 0).map(({ file, operations }) => `${file}: ${operations} operations`),
  };
}

async function staleness(file: string): Promise<string[]> {
  const folder = file.replace(/\.manifest\.json$/, '');
  const files = await sourceFiles(folder);
  if (files.length === 0) return [];
  const persisted = persist(files);
  if (persisted.kind === 'faulty') return [...persisted.faults];
  if (persisted.text === (await readFile(file, 'utf8'))) return [];
  return [`not what ${folder}/*.graphql makes; run "npm run persist -- ${folder} --out ${file}"`];
}
