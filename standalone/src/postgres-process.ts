import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerAccount } from './postgres-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { PostgresFolder } from './postgres-folder.js';
import { isAlive, startOf } from './process-identity.js';

export type PostgresSettings = Readonly<Record<string, string>>;
export type LaunchOutcome = { kind: 'ready'; pid: number } | { kind: 'port-taken' };

const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
const startDeadlineMs = 120_000;
const fastStopDeadlineMs = 20_000;

/** Makes the database cluster. A start that was interrupted leaves no half cluster: it is made aside and renamed. */
export async function initialise(folder: PostgresFolder, binaries: PostgresBinaries, password: string, sync: boolean): Promise<void> {
  const unfinished = join(folder.path, 'data.new');
  rmSync(unfinished, { recursive: true, force: true });
  const secrets = mkdtempSync(join(tmpdir(), 'shop-initdb-'));
  try {
    const passwordFile = join(secrets, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    own(folder.account, secrets, passwordFile);
    prepareEmpty(unfinished, folder.account);
    await runInitdb(binaries.initdb, unfinished, passwordFile, folder.account, sync);
    renameSync(unfinished, folder.data);
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
}

/**
 * Starts the server in a session of its own: Ctrl-C in the terminal signals the whole foreground group, and the shop must
 * drain before its database goes. Ready means that it accepts connections. Throws with the end of its log when it dies.
 */
export async function launch(folder: PostgresFolder, program: string, port: number, settings: PostgresSettings): Promise<LaunchOutcome> {
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(folder.logFile, 'w', 0o600);
  const child = spawn(program, ['-D', folder.data, ...flags], {
    ...folder.account,
    cwd: '/',
    detached: true,
    env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  return await readiness(folder, child);
}

/** Fast stop: open transactions are rolled back and connections closed; after 20 s an immediate one (recovery at the next start). */
export async function stopServer(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  if (await gone(pid, fastStopDeadlineMs)) return;
  signal(pid, 'SIGQUIT');
  if (!(await gone(pid, fastStopDeadlineMs))) throw new Error(`PostgreSQL (process ${pid}) doesn't stop.`);
}

/** Stops the server that a killed launcher left behind in this folder, if there is one. */
export async function stopLeftover(folder: PostgresFolder, log: (line: string) => void): Promise<void> {
  const pid = Number(pidFileLines(folder)[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (isServerOf(folder, pid)) {
    log(`Stopping the PostgreSQL (process ${pid}) that an earlier run left behind.`);
    await stopServer(pid);
  }
  // A file of a dead server whose id another process has by now would keep the new one from starting.
  rmSync(join(folder.data, 'postmaster.pid'), { force: true });
}

async function readiness(folder: PostgresFolder, child: ChildProcess): Promise<LaunchOutcome> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (const deadline = Date.now() + startDeadlineMs; Date.now() < deadline; await pause(15)) {
    const lines = pidFileLines(folder);
    if (child.pid === Number(lines[0]) && lines[7]?.trim() === 'ready') return { kind: 'ready', pid: child.pid };
    if (failure !== undefined || child.exitCode !== null || child.signalCode !== null) return portTakenOrThrow(folder, failure);
  }
  if (child.pid !== undefined) await stopServer(child.pid);
  throw new Error(`PostgreSQL wasn't ready after ${startDeadlineMs / 1000} s:\n${logTail(folder)}`);
}

function portTakenOrThrow(folder: PostgresFolder, cause: Error | undefined): LaunchOutcome {
  const tail = logTail(folder);
  if (tail.includes('could not create any TCP/IP sockets')) return { kind: 'port-taken' };
  throw new Error(`PostgreSQL didn't start:\n${tail}`, { cause });
}

async function runInitdb(program: string, data: string, passwordFile: string, account: ServerAccount, sync: boolean): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const flags = ['-D', data, ...locale, ...access, '--no-instructions', ...(sync ? [] : ['--no-sync'])];
  const child = spawn(program, flags, { ...account, cwd: '/', env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`PostgreSQL's initdb failed (${code}): ${complaint}`);
}

function prepareEmpty(data: string, account: ServerAccount): void {
  mkdirSync(data, { mode: 0o700 });
  own(account, data);
}

function own({ uid, gid }: ServerAccount, ...paths: string[]): void {
  if (uid !== undefined && gid !== undefined) for (const path of paths) chownSync(path, uid, gid);
}

function isServerOf(folder: PostgresFolder, pid: number): boolean {
  if (!isAlive(pid) || pidFileLines(folder)[1] !== folder.data) return false;
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').split('\0').includes(folder.data);
}

function pidFileLines(folder: PostgresFolder): string[] {
  try {
    return readFileSync(join(folder.data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function logTail(folder: PostgresFolder): string {
  return readFileSync(folder.logFile, 'utf8').slice(-2_000);
}

function signal(pid: number, name: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, name);
}

async function gone(pid: number, deadlineMs: number): Promise<boolean> {
  for (const deadline = Date.now() + deadlineMs; Date.now() < deadline; await pause(10)) if (startOf(pid) === undefined) return true;
  return false;
}
