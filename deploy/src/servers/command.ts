import { spawn, spawnSync } from 'node:child_process';
import { Missing } from './server.js';
import type { ServerAccount } from '@shop/standalone/postgres-account';

export interface RunOptions {
  cwd?: string;
  /** Beside our own environment. */
  env?: Readonly<Record<string, string>>;
  /** Default 10 minutes: a first download may be slow. */
  timeoutMs?: number;
}

/** Runs a program to its end and returns what it printed. Throws with the end of its output when it fails or takes too long. */
export function run(program: string, args: readonly string[], { cwd, env = {}, timeoutMs = 600_000 }: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const child = spawn('env', [...assignments, program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.timeout(timeoutMs),
      ...(cwd !== undefined && { cwd }),
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${program} ${args.join(' ')} failed (${code ?? signal}):\n${printed.slice(-2_000)}`));
    });
  });
}

/** Throws `Missing` with `advice` where `program` is not on the PATH. */
export function requireProgram(program: string, advice: string): void {
  if (!isOnPath(program)) throw new Missing(`${program} isn't on the PATH: ${advice}`);
}

export function isOnPath(program: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' }).status === 0;
}

/** What a program prints when it is run as `account`; null when it can't be run so. */
export function probe(program: string, args: readonly string[], account: ServerAccount = {}): string | null {
  const { status, stdout, stderr } = spawnSync(program, [...args], { ...account, cwd: '/', encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? `${stdout}${stderr}` : null;
}
