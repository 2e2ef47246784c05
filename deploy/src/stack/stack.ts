import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@shop/standalone/free-port';
import { composeText } from '../compose/compose-file.js';
import { requiredVariables } from '../compose/interpolation.js';
import { startBalancer } from './balancer.js';
import { isHealthy, startProcess, untilHealthy, type StackProcess } from './stack-process.js';
import { planStack, type Instance, type StackPlan } from './stack-plan.js';
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
  /** How many of a process run side by side, behind a balancer of connections; 1 where nothing is said. */
  replicas?: Readonly<Record<string, number>>;
  /** DRAIN_DELAY_MS of every process: 0, since nobody hears of a leaving process that has no replica; 3 s make a change of one unnoticed. */
  drainDelayMs?: number;
  /** Ends a start that is under way: `startStack` rejects with its reason, and nothing runs then. */
  signal?: AbortSignal;
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
  /** Of the long-running processes: as in the compose file; further replicas are called `orders-2` … */
  names: readonly string[];
  /** Where a service of ours answers, e.g. `http://127.0.0.1:20001`; of several replicas any. */
  urlOf(service: string): string;
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
  const { folder, stores, isSeeded, replicas = {}, drainDelayMs = 0, signal = AbortSignal.any([]), log = () => undefined } = options;
  const port = options.port ?? (await freePort());
  mkdirSync(logsIn(folder), { recursive: true });
  const variables = variablesOf(options, port);
  const profiles = isSeeded ? ['demo'] : [];
  const plan = await planStack({ folder, text: composeText(), variables, stores, port, profiles, replicas });
  for (const path of plan.folders) mkdirSync(path, { recursive: true });
  await using starting = new AsyncDisposableStack();
  for (const { port: shared, targets } of plan.balancers) starting.use(await startBalancer(shared, targets, { isReady: isHealthy }));
  const processes = starting.use(runPlan(plan, { logs: logsIn(folder), drainDelayMs, starting: signal, log }));
  await processes.startAll();
  const running = starting.move();
  return {
    url: `http://localhost:${port}`,
    variables,
    names: processes.names,
    urlOf: (service) => `http://127.0.0.1:${plan.portOf(service)}`,
    environmentOf: (name) => processes.instance(name).environment,
    folderOf: plan.folderOf,
    process: processes.process,
    start: processes.start,
    restart: async () => {
      await processes.stop();
      await processes.startAll();
    },
    status: processes.status,
    stop: () => running.disposeAsync(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Where each process of a stack writes what it has to say. */
export function logsIn(folder: string): string {
  return join(folder, 'logs');
}

function variablesOf({ folder, variables = {} }: StackOptions, port: number): Record<string, string> {
  const secrets = keptSecrets(join(folder, 'secrets.json'), requiredVariables(composeText()));
  const all: Record<string, string> = { PUBLIC_URL: `http://localhost:${port}`, ...secrets };
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) all[name] = value;
  return all;
}

interface Surroundings {
  /** The folder of the logs. */
  logs: string;
  drainDelayMs: number;
  /** Ends a start that is under way. */
  starting: AbortSignal;
  log(line: string): void;
}

function runPlan({ instances }: StackPlan, { logs, drainDelayMs, starting, log }: Surroundings) {
  const running = new Map<string, StackProcess>();
  const instance = (name: string): Instance =>
    known(
      instances.find((candidate) => candidate.name === name),
      name,
    );
  const launch = async (name: string, extra: Readonly<Record<string, string>> = {}): Promise<StackProcess> => {
    const { command, environment } = instance(name);
    starting.throwIfAborted();
    const settings = { DRAIN_DELAY_MS: String(drainDelayMs), ...environment, ...extra };
    const launched = await startProcess({ name, command, environment: settings, folder: logs });
    running.set(name, launched);
    return launched;
  };
  const start = async (name: string, extra?: Readonly<Record<string, string>>): Promise<void> => {
    const begun = performance.now();
    await untilHealthy(await launch(name, extra), instance(name).port ?? 0, START_MS, starting);
    log(`${name} is ready after ${seconds(begun)}`);
  };
  const runToEnd = async (name: string): Promise<void> => {
    const begun = performance.now();
    const task = await launch(name);
    const outcome = await task.untilEnd();
    running.delete(name);
    if (outcome !== 'exit 0') throw new Error(`${name} ended with ${outcome}:\n${task.log()}`);
    log(`${name} is done after ${seconds(begun)}`);
  };
  const stop = async (): Promise<void> => {
    const [doors, others] = [instances.filter(isDoor), instances.filter((one) => !isDoor(one))];
    for (const some of [doors, others]) await Promise.all(some.map(async ({ name }) => running.get(name)?.stop()));
  };
  const startAll = async (): Promise<void> => {
    const outcomes = await Promise.allSettled(inOrder(instances, ({ name, isTask }) => (isTask ? runToEnd(name) : start(name))));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (!failed) return;
    await stop();
    throw failed.reason;
  };
  const lasting = instances.filter(({ isTask }) => !isTask);
  return {
    names: lasting.map(({ name }) => name),
    instance,
    process: (name: string): StackProcess => known(running.get(name), name),
    start,
    startAll,
    stop,
    status: () => Promise.all(lasting.map(({ name, port }) => statusOf(name, running.get(name), port))),
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts each once all that it needs is there; what failed fails those that need it. */
function inOrder(instances: readonly Instance[], begin: (instance: Instance) => Promise<void>): Promise<void>[] {
  const services = new Map<string, Promise<unknown>>();
  const reach = (service: string): Promise<unknown> => {
    const reached = services.get(service) ?? Promise.all(instances.filter((one) => one.service === service).map(step));
    services.set(service, reached);
    return reached;
  };
  const steps = new Map<string, Promise<void>>();
  const step = (instance: Instance): Promise<void> => {
    const taken = steps.get(instance.name) ?? Promise.all(instance.needs.map(reach)).then(() => begin(instance));
    steps.set(instance.name, taken);
    return taken;
  };
  return instances.map(step);
}

function isDoor({ service }: Instance): boolean {
  return service === 'gateway';
}

async function statusOf(name: string, process: StackProcess | undefined, port: number | null): Promise<ProcessStatus> {
  const outcome = process ? process.outcome() : 'stopped';
  const state = outcome ?? ((await isHealthy(port ?? 0)) ? 'healthy' : 'not ready');
  return { name, pid: outcome === null ? (process?.pid ?? null) : null, state, port };
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`The stack has no process ${name}.`);
  return found;
}

function seconds(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
