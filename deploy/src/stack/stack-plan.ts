import { join } from 'node:path';
import { freePort } from '@shop/standalone/free-port';
import { readCompose, type ComposeProcess } from '../compose/compose-file.js';
import { onThisMachine } from './loopback.js';

export interface StackPlanOptions {
  /** Everything that the stack remembers beside what lies in the stores. */
  folder: string;
  /** The compose file, and what its variables are here. */
  text: string;
  variables: Readonly<Record<string, string>>;
  /** Where each store of the compose file answers, by its name there; PostgreSQL's superuser. */
  stores: Readonly<Record<string, string>>;
  /** The gateway's port. */
  port: number;
  /** Compose's profiles that are on. */
  profiles: readonly string[];
  /** How many of a process run side by side; 1 where nothing is said. */
  replicas: Readonly<Record<string, number>>;
}

/** One process to start. */
export interface Instance {
  /** `orders`, and of further replicas `orders-2` … */
  name: string;
  /** Its name in the compose file. */
  service: string;
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Where it answers; null for one that only runs to its end. */
  port: number | null;
  /** Services that have to be there before. */
  needs: readonly string[];
  /** It runs to its end, and others wait for that. */
  isTask: boolean;
}

export interface StackPlan {
  instances: readonly Instance[];
  /** Where replicas are reached by others, in turn. */
  balancers: readonly { port: number; targets: readonly number[] }[];
  /** Where a service answers, one of several or their balancer. */
  portOf(service: string): number;
  /** The folder that stands for a named volume, and all of them. */
  folderOf(volume: string): string;
  folders: readonly string[];
}

/** What the compose file comes to on this machine. Starts nothing; looks for free ports only. */
export async function planStack(options: StackPlanOptions): Promise<StackPlan> {
  const { folder, text, variables, profiles, replicas } = options;
  const services = [...readCompose(text, variables).processes.values()].filter((service) => isOn(service, profiles));
  const ports = await portsFor(services, options.port);
  const folderOf = (volume: string): string => join(folder, 'volumes', volume);
  const surroundings = { ports, stores: new Map(Object.entries(options.stores)), folderOf };
  const tasks = tasksOf(services);
  const known = new Set(services.map(({ name }) => name));
  const portOf = (service: ComposeProcess): number => ports.get(`${service.name}:${service.environment['PORT']}`) ?? 0;
  const instances: Instance[] = [];
  const balancers: { port: number; targets: number[] }[] = [];
  for (const service of services) {
    const common = {
      service: service.name,
      command: service.command,
      needs: [...service.dependsOn.keys()].filter((other) => known.has(other)),
      isTask: tasks.has(service.name),
    };
    const environment = onThisMachine(service, surroundings);
    const count = replicas[service.name] ?? 1;
    const own = count === 1 ? [common.isTask ? null : portOf(service)] : await freePorts(count, [...ports.values()]);
    for (const [index, port] of own.entries())
      instances.push({
        ...common,
        name: index === 0 ? service.name : `${service.name}-${index + 1}`,
        environment: port === null ? environment : { ...environment, PORT: String(port) },
        port,
      });
    if (count > 1) balancers.push({ port: portOf(service), targets: own.flatMap((port) => port ?? []) });
  }
  return {
    instances,
    balancers,
    portOf: (service) => {
      const found = services.find(({ name }) => name === service);
      if (!found) throw new Error(`The stack has no process ${service}.`);
      return portOf(found);
    },
    folderOf,
    folders: services.flatMap(({ volumes }) => [...volumes.values()].map(folderOf)),
  };
}

function isOn({ profiles }: ComposeProcess, on: readonly string[]): boolean {
  return profiles.length === 0 || profiles.some((profile) => on.includes(profile));
}

/** Whatever others wait for to complete. */
function tasksOf(services: readonly ComposeProcess[]): Set<string> {
  const awaited = services.flatMap(({ dependsOn }) => [...dependsOn]);
  return new Set(awaited.flatMap(([name, { condition }]) => (condition === 'service_completed_successfully' ? [name] : [])));
}

/** A free port for each that a service listens on, by `name:port` of the compose file. */
async function portsFor(services: readonly ComposeProcess[], gatewayPort: number): Promise<Map<string, number>> {
  const ports = new Map<string, number>();
  for (const { name, environment } of services)
    for (const [key, value] of Object.entries(environment)) {
      if (!/(^|_)PORT$/.test(key)) continue;
      const [port = 0] = name === 'gateway' ? [gatewayPort] : await freePorts(1, [...ports.values()]);
      ports.set(`${name}:${value}`, port);
    }
  return ports;
}

async function freePorts(count: number, taken: readonly number[]): Promise<number[]> {
  const chosen: number[] = [];
  while (chosen.length < count) {
    const port = await freePort();
    if (!taken.includes(port) && !chosen.includes(port)) chosen.push(port);
  }
  return chosen;
}
