import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, startOf } from '@shop/standalone/process-identity';
import { z } from 'zod';
import { projectRoot } from '../project-root.js';

export interface StackProcessOptions {
  name: string;
  /** As in the compose file; `node` is the Node that runs this. */
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Where its log and its process id are kept. */
  folder: string;
}

/** One of our processes, in a session of its own, so that a terminal's Ctrl-C does not reach it. */
export interface StackProcess {
  readonly name: string;
  readonly pid: number;
  /** It still runs. */
  isAlive(): boolean;
  /** How it ended, e.g. `exit 0` or `SIGKILL`; null while it runs. */
  outcome(): string | null;
  /** Resolves with the outcome once it has ended by itself. */
  untilEnd(): Promise<string>;
  /** SIGTERM, and waits until it has drained. */
  stop(): Promise<void>;
  /** As a power cut of the process would be. */
  kill(): Promise<void>;
  /** Stands still, holding its connections, until SIGCONT. */
  signal(name: NodeJS.Signals): void;
  /** What it printed last. */
  log(): string;
}

/** How the file is called that names a running process. */
const IDENTITY = '.pid.json';

const identitySchema = z.object({ pid: z.number().int(), start: z.string() });

/** Starts a process; one that an earlier stack left behind in this folder is ended first. */
export async function startProcess({ name, command, environment, folder }: StackProcessOptions): Promise<StackProcess> {
  const identityFile = join(folder, `${name}${IDENTITY}`);
  await endLeftOver(identityFile);
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a', 0o600);
  const [program = '', ...args] = command;
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: projectRoot,
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', APOLLO_TELEMETRY_DISABLED: 'true', NODE_ENV: 'production', ...environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await Promise.race([once(child, 'spawn'), new Promise<never>((_, reject) => child.once('error', reject))]);
  const pid = child.pid ?? 0;
  writeFileSync(identityFile, JSON.stringify({ pid, start: startOf(pid) ?? '' }));
  const ended = once(child, 'exit').then(() => {
    rmSync(identityFile, { force: true });
    return outcomeOf(child) ?? '';
  });
  const end = async (signal: NodeJS.Signals) => {
    if (outcomeOf(child) === null) {
      // One that was stopped in mid-air hears nothing.
      child.kill('SIGCONT');
      child.kill(signal);
    }
    await ended;
  };
  return {
    name,
    pid,
    isAlive: () => outcomeOf(child) === null,
    outcome: () => outcomeOf(child),
    untilEnd: () => ended,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    signal: (signal) => void child.kill(signal),
    log: () => readFileSync(logFile, 'utf8').slice(-4_000),
  };
}

/**
 * Asks the same address as the compose file's health check. Throws, with the end of its log, when it ended or is not ready in time; and when
 * `signal` fires.
 */
export async function untilHealthy(started: StackProcess, port: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + timeoutMs; ; await pause(50)) {
    signal.throwIfAborted();
    const outcome = started.outcome();
    if (outcome !== null) throw new Error(`${started.name} ended while starting (${outcome}):\n${started.log()}`);
    if (await isHealthy(port)) return;
    if (performance.now() > end) throw new Error(`${started.name} is not ready after ${timeoutMs / 1000} s:\n${started.log()}`);
  }
}

export async function isHealthy(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

function outcomeOf({ exitCode, signalCode }: ChildProcess): string | null {
  if (signalCode !== null) return signalCode;
  return exitCode === null ? null : `exit ${exitCode}`;
}

/** Ends all that run from this folder, also those of an earlier stack; nothing to do where there is none. */
export async function endProcessesIn(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const files = readdirSync(folder).filter((name) => name.endsWith(IDENTITY));
  await Promise.all(files.map((name) => endLeftOver(join(folder, name))));
}

async function endLeftOver(identityFile: string): Promise<void> {
  if (!existsSync(identityFile)) return;
  const identity = identitySchema.safeParse(JSON.parse(readFileSync(identityFile, 'utf8')));
  if (!identity.success || !isRunning(identity.data)) return;
  process.kill(identity.data.pid, 'SIGTERM');
  for (const end = performance.now() + 30_000; isRunning(identity.data); await pause(20))
    if (performance.now() > end) process.kill(identity.data.pid, 'SIGKILL');
}
