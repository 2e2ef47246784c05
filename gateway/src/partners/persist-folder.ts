import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { manifestCheck } from './check-partner.js';
import { readManifest } from './manifest.js';
import { persist, type Persisted, type SourceFile } from './persist.js';

/** The manifest of all `.graphql` files of a folder, and of those below it, whose operations have to be valid by the schema in `schemaFolder`. */
export async function persistFolder(folder: string, schemaFolder: string): Promise<Persisted> {
  const persisted = persist(await sourceFiles(folder));
  if (persisted.kind === 'faulty') return persisted;
  const read = readManifest(folder, persisted.text);
  if (read.kind === 'faulty') return read;
  const faults = (await checkOf(schemaFolder)).ofClient(read.manifest);
  return faults.length > 0 ? { kind: 'faulty', faults } : persisted;
}

/** All `.graphql` files of a folder, in the order of their names; none when there is no such folder. */
export async function sourceFiles(folder: string): Promise<SourceFile[]> {
  const names = (await readdir(folder, { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.graphql')).toSorted();
  return Promise.all(names.map(async (name) => ({ file: join(folder, name), text: await readFile(join(folder, name), 'utf8') })));
}

/** By the schema that `npm run schema` has written into a folder. */
export async function checkOf(schemaFolder: string) {
  const [api, supergraph] = await Promise.all(
    ['api.graphql', 'supergraph.graphql'].map((file) => readFile(join(schemaFolder, file), 'utf8')),
  );
  return manifestCheck(buildSchema(api ?? ''), supergraph ?? '');
}
