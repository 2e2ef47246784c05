import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { canEnter, serverAccount, type ServerAccount } from './postgres-account.js';
import { isRunning, startOf } from './process-identity.js';

const stateSchema = z.object({
  password: z.string(),
  port: z.number().int().optional(),
  launcher: z.object({ pid: z.number().int(), start: z.string() }).optional(),
});
export type FolderState = z.infer<typeof stateSchema>;

/** `data` is PostgreSQL's own folder, owned by its account; the state file beside it is readable to us only. */
export type PostgresFolder = { readonly path: string; readonly data: string; readonly logFile: string; readonly account: ServerAccount };

/** `wanted`, or a folder of the same meaning in the temporary folder when PostgreSQL's account can't enter `wanted`. */
export function reachableFolder(wanted: string, log: (line: string) => void): PostgresFolder {
  const folder = folderAt(wanted);
  if (canEnter(folder.account, wanted)) return folder;
  const name = `shop-data-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`;
  const fallback = folderAt(join(lastingTemporaryFolder(), name));
  const owner = statSync(fallback.path).uid;
  if (owner !== process.getuid?.())
    throw new Error(`${fallback.path} belongs to user ${owner}; data isn't kept in somebody else's folder.`);
  log(`PostgreSQL's account may not enter ${wanted}; its data is kept in ${fallback.path}`);
  return fallback;
}

/** A temporary folder that outlives a reboot where the system has one (FHS: /var/tmp). */
export function lastingTemporaryFolder(): string {
  return existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
}

/** Marks the folder as ours. Throws when a launcher that still lives holds it: two servers on one folder would destroy it. */
export function claimFolder(folder: PostgresFolder): FolderState {
  const known = readState(folder);
  if (known === undefined && existsSync(folder.data)) {
    throw new Error(`${folder.path} holds a database but its state file is gone; remove the folder to start afresh.`);
  }
  if (known?.launcher !== undefined && isRunning(known.launcher)) {
    throw new Error(`The database in ${folder.path} is in use by process ${known.launcher.pid}; stop that one first.`);
  }
  const state = { ...known, password: known?.password ?? randomBytes(18).toString('hex') };
  return saveState(folder, { ...state, launcher: { pid: process.pid, start: startOf(process.pid) ?? '' } });
}

/** Gives the folder free; port and password stay known for the next start. */
export function releaseFolder(folder: PostgresFolder): void {
  const known = readState(folder);
  if (known !== undefined) saveState(folder, { ...known, launcher: undefined });
}

/** Writes the state whole or not at all. */
export function saveState(folder: PostgresFolder, state: FolderState): FolderState {
  const unfinished = `${stateFile(folder)}.new`;
  writeFileSync(unfinished, JSON.stringify(state), { mode: 0o600 });
  renameSync(unfinished, stateFile(folder));
  return state;
}

/** What the last launcher wrote; undefined when there was none. */
export function readState(folder: PostgresFolder): FolderState | undefined {
  return existsSync(stateFile(folder)) ? stateSchema.parse(JSON.parse(readFileSync(stateFile(folder), 'utf8'))) : undefined;
}

function folderAt(path: string): PostgresFolder {
  const data = join(path, 'data');
  const account = serverAccount(data);
  mkdirSync(path, { recursive: true });
  if (account.uid !== undefined) chmodSync(path, 0o755);
  return { path, data, logFile: join(path, 'postgres.log'), account };
}

function stateFile(folder: PostgresFolder): string {
  return join(folder.path, 'state.json');
}
