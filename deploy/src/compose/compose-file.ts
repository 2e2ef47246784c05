import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../project-root.js';
import { SERVER_NAMES, type ServerName } from '../servers/versions.js';
import { interpolate, requiredVariables } from './interpolation.js';

const serviceSchema = z.object({
  image: z.string().optional(),
  build: z.unknown().optional(),
  command: z.array(z.union([z.string(), z.number()])).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string(), required: z.boolean().default(true) })).default({}),
  profiles: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
});
const fileSchema = z.object({ services: z.record(z.string(), serviceSchema) });

/** One of our own processes, as docker-compose.yml starts it. */
export interface ComposeProcess {
  name: string;
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** What has to be there before, and how far: `service_healthy` or `service_completed_successfully`. */
  dependsOn: ReadonlyMap<string, { condition: string; isRequired: boolean }>;
  profiles: readonly string[];
  /** Named volumes by where they are mounted. */
  volumes: ReadonlyMap<string, string>;
}

export interface Compose {
  /** Built from our own image. */
  processes: ReadonlyMap<string, ComposeProcess>;
  /** Servers of others, by name. */
  stores: readonly string[];
}

/** The text of docker-compose.yml, as it stands. */
export function composeText(): string {
  return readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8');
}

/** Reads a compose file with its variables filled in. Throws when it is none that we understand, or a variable is missing. */
export function readCompose(text: string, variables: Readonly<Record<string, string | undefined>>): Compose {
  const { services } = fileSchema.parse(filledIn(parse(text, { merge: true }), variables));
  const own = Object.entries(services).filter(([, { build }]) => build !== undefined);
  return {
    processes: new Map(own.map(([name, service]) => [name, processOf(name, service)])),
    stores: Object.keys(services).filter((name) => services[name]?.build === undefined),
  };
}

/** The stores that docker-compose.yml brings, which are those that the processes need. */
export function composeStores(): ServerName[] {
  const text = composeText();
  const { stores } = readCompose(text, Object.fromEntries(requiredVariables(text).map((name) => [name, '-'])));
  return SERVER_NAMES.filter((name) => stores.includes(name));
}

/** After parsing, as Compose does it: a value can't change the form of the file, and comments need no variables. */
function filledIn(node: unknown, variables: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof node === 'string') return interpolate(node, variables);
  if (Array.isArray(node)) return node.map((entry) => filledIn(entry, variables));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, filledIn(value, variables)]));
}

function processOf(
  name: string,
  { command = [], environment, depends_on, profiles, volumes }: z.output<typeof serviceSchema>,
): ComposeProcess {
  return {
    name,
    command: command.map(String),
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
    dependsOn: new Map(Object.entries(depends_on).map(([other, { condition, required }]) => [other, { condition, isRequired: required }])),
    profiles,
    volumes: new Map(
      volumes.flatMap((volume) => {
        const [source, target] = volume.split(':');
        return source && target ? [[target, source]] : [];
      }),
    ),
  };
}
