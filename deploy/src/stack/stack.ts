import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@shop/standalone/free-port';
import { composeText, readCompose, type ComposeProcess } from '../compose/compose-file.js';
import { requiredVariables } from '../compose/interpolation.js';
import { onThisMachine } from './loopback.js';
import { isHealthy, startProcess, untilHealthy, type StackProcess } from './stack-process.js';
import { keptSecrets } from './stack-variables.js';

export interface StackOptions {
  /** Everything that the stack remembers beside what lies in the stores: secrets, logs, mails, the card sandbox's journal. */
  folder: string;
  /** Where each store of the compose file answers, by its name there; PostgreSQL's superuser. */
  stores: Readonly<Record<string, string>>;
  /** The gateway's port; a free one when left out. */
  port?: number;
  /** Variables of the compose file, beside the secrets. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** Fill empty stores with sample data first; compose's profile `demo`. */
  isSeeded: boolean;
  /** Hears of every step, for a person. */
  log?(line: string): void;
}

export interface ProcessStatus {
  name: string;
  pid: number | null;
  /** `healthy`, `not ready`, or how it ended. */
  state: string;
  port: number | null;
}

/** The shop as docker-compose.yml has it, as processes on this machine. Disposing is `stop`. */
export interface Stack extends AsyncDisposable {
  /** Where people reach it. */
  url: string;
  /** What the compose file's variables are here, secrets included. */
  variables: Readonly<Record<string, string>>;
  /** Of the long-running processes; `restart` and `kill` know no others. */
  names: readonly string[];
  /** Where a process of ours answers, e.g. `http://127.0.0.1:20001`. */
  urlOf(name: string): string;
  /** What a process reads from its environment here. */
  environmentOf(name: string): Readonly<Record<string, string>>;
  /** The folder that stands for a named volume. */
  folderOf(volume: string): string;
  process(name: string): StackProcess;
  /** Starts one that was stopped or killed, and waits until it is ready; `extra` is added to its environment. */
  start(name: string, extra?: Readonly<Record<string, string>>): Promise<void>;
  /** Stops all and starts all again, on the same ports, secrets and stores. */
  restart(): Promise<void>;
  status(): Promise<ProcessStatus[]>;
  /** Stops the door first, then everything else. Stores and data stay. */
  stop(): Promise<void>;
}

/** How long a process may take to become ready, or a task to its end: many start at once, and a rebuild of the index is part of it. */
const START_MS = 180_000;

/**
 * Starts every process of docker-compose.yml with the very command and environment that stand there, in the order of its `depends_on`; only
 * the names of containers, ports, volumes and stores are those of this machine. Throws when one does not become ready; nothing runs then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { folder, isSeeded, log = () => undefined } = options;
  mkdirSync(logsIn(folder), { recursive: true });
  const text = composeText();
  const port = options.port ?? (await freePort());
  const secrets = keptSecrets(join(folder, 'secrets.json'), requiredVariables(text));
  const given = Object.entries(options.variables ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const variables: Record<string, string> = { PUBLIC_URL: `http://localhost:${port}`, ...secrets, ...Object.fromEntries(given) };
  const compose = readCompose(text, variables);
  const used = [...compose.processes.values()].filter(({ profiles }) => profiles.length === 0 || (isSeeded && profiles.includes('demo')));
  const byName = new Map(used.map((process) => [process.name, process]));
  const ports = await portsFor(used, port);
  const folderOf = (volume: string): string => join(folder, 'volumes', volume);
  for (const volume of used.flatMap(({ volumes }) => [...volumes.values()])) mkdirSync(folderOf(volume), { recursive: true });
  const stores = new Map(Object.entries(options.stores));
  const environments = new Map(used.map((process) => [process.name, onThisMachine(process, { ports, stores, folderOf })]));
  const running = new Map<string, StackProcess>();

  const launch = (name: string, extra: Readonly<Record<string, string>> = {}): Promise<StackProcess> => {
    const { command } = known(byName, name);
    // Nobody balances load in front of these processes, so nobody has to hear that one is leaving.
    const environment = { DRAIN_DELAY_MS: '0', ...environments.get(name), ...extra };
    return startProcess({ name, command, environment, folder: logsIn(folder) });
  };
  const portOf = (name: string): number | null => {
    const own = byName.get(name)?.environment['PORT'];
    return own === undefined ? null : (ports.get(`${name}:${own}`) ?? null);
  };
  const start: Stack['start'] = async (name, extra) => {
    const begun = performance.now();
    const started = await launch(name, extra);
    running.set(name, started);
    await untilHealthy(started, portOf(name) ?? 0, START_MS);
    log(`${name} is ready after ${seconds(begun)}`);
  };
  const runToEnd = async (name: string): Promise<void> => {
    const begun = performance.now();
    const task = await launch(name);
    running.set(name, task);
    const outcome = await task.untilEnd();
    running.delete(name);
    if (outcome !== 'exit 0') throw new Error(`${name} ended with ${outcome}:\n${task.log()}`);
    log(`${name} is done after ${seconds(begun)}`);
  };
  const stop = async (): Promise<void> => {
    await running.get('gateway')?.stop();
    await Promise.all([...running.values()].map((process) => process.stop()));
  };

  const tasks = tasksOf(used);
  const startAll = async (): Promise<void> => {
    const steps = new Map<string, Promise<void>>();
    const reach = (name: string): Promise<void> => {
      const dependencies = [...known(byName, name).dependsOn.keys()].filter((other) => byName.has(other));
      const step = steps.get(name) ?? Promise.all(dependencies.map(reach)).then(() => (tasks.has(name) ? runToEnd(name) : start(name)));
      steps.set(name, step);
      return step;
    };
    const outcomes = await Promise.allSettled([...byName.keys()].map(reach));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (!failed) return;
    await stop();
    throw failed.reason;
  };
  await startAll();

  const names = [...byName.keys()].filter((name) => !tasks.has(name));
  return {
    url: `http://localhost:${port}`,
    variables,
    names,
    urlOf: (name) => `http://127.0.0.1:${portOf(name)}`,
    environmentOf: (name) => environments.get(name) ?? {},
    folderOf,
    process: (name) => known(running, name),
    start,
    restart: async () => {
      await stop();
      await startAll();
    },
    status: () => Promise.all(names.map((name) => statusOf(name, running.get(name), portOf(name)))),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Where each process of a stack writes what it has to say. */
export function logsIn(folder: string): string {
  return join(folder, 'logs');
}

/** Whatever others wait for to complete is a task, and so is what they wait for with it. */
function tasksOf(processes: readonly ComposeProcess[]): Set<string> {
  const awaited = processes.flatMap(({ dependsOn }) => [...dependsOn]);
  return new Set(awaited.flatMap(([name, { condition }]) => (condition === 'service_completed_successfully' ? [name] : [])));
}

/** A free port for each that a process listens on. */
async function portsFor(processes: readonly ComposeProcess[], gatewayPort: number): Promise<Map<string, number>> {
  const ports = new Map<string, number>();
  for (const { name, environment } of processes)
    for (const [key, value] of Object.entries(environment))
      if (/(^|_)PORT$/.test(key)) ports.set(`${name}:${value}`, name === 'gateway' ? gatewayPort : await freePortBut([...ports.values()]));
  return ports;
}

async function freePortBut(taken: readonly number[]): Promise<number> {
  const port = await freePort();
  return taken.includes(port) ? freePortBut(taken) : port;
}

async function statusOf(name: string, process: StackProcess | undefined, port: number | null): Promise<ProcessStatus> {
  const outcome = process ? process.outcome() : 'stopped';
  const state = outcome ?? ((await isHealthy(port ?? 0)) ? 'healthy' : 'not ready');
  return { name, pid: outcome === null ? (process?.pid ?? null) : null, state, port };
}

function known<T>(byName: ReadonlyMap<string, T>, name: string): T {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`The stack has no process ${name}.`);
  return found;
}

function seconds(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
