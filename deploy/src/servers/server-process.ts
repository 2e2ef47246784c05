import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, startOf, type ProcessIdentity } from '@shop/standalone/process-identity';
import { z } from 'zod';
import type { Place, Recipe } from './server.js';

const identitySchema = z.object({ pid: z.number().int(), start: z.string() });
const stopWithinMs = 25_000;

/** The process that runs at this place now; null when none does. */
export function processAt({ folder }: Place): ProcessIdentity | null {
  const file = pidFile(folder);
  if (!existsSync(file)) return null;
  const identity = identitySchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return identity.success && isRunning(identity.data) ? identity.data : null;
}

/** The file that a server prints into. */
export function logOf({ folder }: Place): string {
  return join(folder, 'server.log');
}

/**
 * Starts a server in a session of its own, so that a terminal's Ctrl-C doesn't reach it, and waits until it serves. One that runs already is
 * waited for. Throws with the end of its log when it dies or isn't ready in time; nothing is left running then.
 */
export async function startServer(place: Place, recipe: Recipe): Promise<ProcessIdentity> {
  const running = processAt(place) ?? (await launch(place, recipe));
  const deadline = performance.now() + recipe.readyWithinMs;
  while (!(await isReady(place, recipe))) {
    if (!isRunning(running)) throw new Error(`${place.name} ended while it was starting:\n${tailOf(place)}`);
    if (performance.now() > deadline) {
      await stopServer(place, recipe);
      throw new Error(`${place.name} wasn't ready after ${recipe.readyWithinMs / 1000} s:\n${tailOf(place)}`);
    }
    await pause(25);
  }
  return running;
}

/** Whether it answers within two seconds. */
export function isReady(place: Place, recipe: Recipe): Promise<boolean> {
  return recipe.ask(place, AbortSignal.timeout(2_000)).then(
    () => true,
    () => false,
  );
}

/** Lets it end by itself, its children too; after 25 s they are killed. Fine where none runs. */
export async function stopServer(place: Place, { stopSignal }: Pick<Recipe, 'stopSignal'>): Promise<void> {
  const root = processAt(place);
  if (!root) return rmSync(pidFile(place.folder), { force: true });
  const tree = treeOf(root);
  // A server that was stopped in mid-air hears nothing.
  signalAll(tree, 'SIGCONT');
  signalAll([root], stopSignal);
  if (!(await gone(tree, stopWithinMs))) signalAll(tree, 'SIGKILL');
  if (!(await gone(tree, 5_000))) throw new Error(`${place.name} (process ${root.pid}) doesn't end.`);
  rmSync(pidFile(place.folder), { force: true });
}

/** As a power cut: it and its children end at once, saving nothing. */
export async function killServer(place: Place): Promise<void> {
  const root = processAt(place);
  if (!root) return;
  const tree = treeOf(root);
  signalAll(tree, 'SIGKILL');
  if (!(await gone(tree, 10_000))) throw new Error(`${place.name} (process ${root.pid}) survived SIGKILL.`);
}

/** Stands still, holding its connections, until `resumeServer`. */
export function pauseServer(place: Place): void {
  const root = processAt(place);
  if (root) signalAll(treeOf(root), 'SIGSTOP');
}

export function resumeServer(place: Place): void {
  const root = processAt(place);
  if (root) signalAll(treeOf(root), 'SIGCONT');
}

/** Resident memory of a process and its children, in bytes; null where the system doesn't tell. */
export function memoryOf(root: ProcessIdentity): number | null {
  try {
    const pages = treeOf(root).map(({ pid }) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0));
    return pages.reduce((sum, kilobytes) => sum + kilobytes * 1024, 0);
  } catch {
    return null;
  }
}

async function launch(place: Place, recipe: Recipe): Promise<ProcessIdentity> {
  await recipe.prepare?.(place);
  const { program, args, env } = recipe.command(place);
  const log = openSync(logOf(place), 'a', 0o600);
  const child = spawn(program, [...args], {
    ...place.account,
    cwd: place.data,
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: place.data, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
  const pid = child.pid ?? 0;
  const identity = { pid, start: startOf(pid) ?? '' };
  const unfinished = `${pidFile(place.folder)}.new`;
  writeFileSync(unfinished, JSON.stringify(identity));
  renameSync(unfinished, pidFile(place.folder));
  return identity;
}

function pidFile(folder: string): string {
  return join(folder, 'pid.json');
}

function tailOf(place: Place): string {
  return existsSync(logOf(place)) ? readFileSync(logOf(place), 'utf8').slice(-2_000) : '';
}

/** The process and all its descendants, by the parents that Linux tells. */
function treeOf(root: ProcessIdentity): ProcessIdentity[] {
  if (process.platform !== 'linux') return [root];
  const children = Map.groupBy(everyProcess(), ({ parent }) => parent);
  const below = (pid: number): ProcessIdentity[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  return [root, ...below(root.pid)];
}

function everyProcess(): (ProcessIdentity & { parent: number })[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    const start = Number.isInteger(pid) ? startOf(pid) : undefined;
    const parent = start === undefined ? undefined : parentOf(pid);
    return start === undefined || parent === undefined ? [] : [{ pid, start, parent }];
  });
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function signalAll(tree: readonly ProcessIdentity[], name: NodeJS.Signals): void {
  for (const identity of tree) {
    try {
      if (isRunning(identity)) process.kill(identity.pid, name);
    } catch (error) {
      // It ended between the look and the signal.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

async function gone(tree: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; await pause(10)) {
    if (!tree.some(isRunning)) return true;
  }
  return false;
}
