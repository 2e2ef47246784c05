import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Child extends AsyncDisposable {
  /** The first line that matched. */
  said: RegExpExecArray;
  /** Resident memory in MB; 0 where the system does not tell it. */
  memoryMb(): number;
  /** Processor time since its start, of all its threads; 0 where the system does not tell it. */
  processorMs(): number;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  program: string;
  args: readonly string[];
  /** What it prints when it is ready. */
  ready: RegExp;
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

const READY_WITHIN_MS = 60_000;

/** A process of its own, once it is ready; throws what it said when it ends before that. Disposing ends it. */
export async function startChild({ program, args, ready, env, cwd }: ChildOptions): Promise<Child> {
  const child = spawn(program, [...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], ...(cwd && { cwd }) });
  const said = await readiness(child, ready);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    said,
    memoryMb: () => residentMb(child.pid),
    processorMs: () => processorMs(child.pid),
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
}

function readiness(child: ChildProcess, ready: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`${child.spawnargs.join(' ')} ${why}:\n${output.slice(-2_000)}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`was not ready within ${READY_WITHIN_MS} ms`);
    }, READY_WITHIN_MS);
    child.once('error', reject);
    child.once('close', () => fail('ended'));
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-10_000);
        const said = ready.exec(output);
        if (!said) return;
        clearTimeout(timer);
        resolve(said);
      });
  });
}

function residentMb(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Linux counts in hundredths of a second. */
function processorMs(pid: number | undefined): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return ((user ?? 0) + (system ?? 0)) * 10;
  } catch {
    return 0;
  }
}
