import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '@shop/standalone/free-port';
import { z } from 'zod';
import { homeOf, isInstalled } from './install.js';
import { RECIPES } from './recipes.js';
import { isReady, killServer, pauseServer, resumeServer, startServer, stopServer } from './server-process.js';
import { Missing, type Place } from './server.js';
import { giveTo, openedFolder, serversFolder, type ServersFolder } from './servers-folder.js';
import { SERVERS, type ServerName } from './versions.js';

/** Servers at work, each on a port of its own of 127.0.0.1. Disposing is `stop`. */
export interface Servers<N extends ServerName> extends AsyncDisposable {
  /** Known from the start, the same after a restart. PostgreSQL's is that of its superuser and the database `postgres`. */
  readonly urls: Readonly<Record<N, string>>;
  /** Stops all, or one cleanly. Data stay. */
  stop(name?: N): Promise<void>;
  /** Ends one at once, as a power cut would; what it had not written is lost. */
  kill(name: N): Promise<void>;
  /** Starts one that was stopped or killed, on its port and data, and waits until it serves. */
  start(name: N): Promise<void>;
  /** Deletes all that one has stored. It must be stopped. */
  wipe(name: N): void;
  /** One stands still: it takes connections but doesn't answer. */
  pause(name: N): void;
  resume(name: N): void;
  /** Whether one answers within two seconds. */
  isReady(name: N): Promise<boolean>;
}

/**
 * Starts servers with data under `folder`, on free ports that stay the same while the folder lives. Any number of such sets may run side by
 * side. They outlive this process unless they are stopped. Throws `Missing` when one isn't installed (`npm run servers -- install`).
 */
export async function startServers<N extends ServerName>(names: readonly N[], folder: string): Promise<Servers<N>> {
  const servers = serversFolder();
  requireInstalled(servers, names);
  openedFolder(resolve(folder));
  const places = new Map<ServerName, Place>();
  for (const name of names) places.set(name, await placeIn(servers, join(resolve(folder), name), name, 'free'));
  const placeOf = (name: N): Place => {
    const place = places.get(name);
    if (!place) throw new Error(`${name} is none of these servers: ${names.join(', ')}`);
    return place;
  };
  const stop = async (name?: N) => {
    await Promise.all((name === undefined ? names : [name]).map((each) => stopServer(placeOf(each), RECIPES[each])));
  };
  const started = await Promise.allSettled(names.map((name) => startServer(placeOf(name), RECIPES[name])));
  const failed = started.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    urls: urlsOf(names, placeOf),
    stop,
    kill: (name) => killServer(placeOf(name)),
    start: async (name) => void (await startServer(placeOf(name), RECIPES[name])),
    wipe: (name) => emptyData(placeOf(name)),
    pause: (name) => pauseServer(placeOf(name)),
    resume: (name) => resumeServer(placeOf(name)),
    isReady: (name) => isReady(placeOf(name), RECIPES[name]),
    [Symbol.asyncDispose]: () => stop(),
  };
}

/** Stops what `startServers` started in that folder, perhaps in a process that is gone by now. */
export async function stopServersIn(names: readonly ServerName[], folder: string): Promise<void> {
  const servers = serversFolder();
  const known = names.filter((name) => existsSync(join(resolve(folder), name)));
  await Promise.all(
    known.map(async (name) => stopServer(await placeIn(servers, join(resolve(folder), name), name, 'free'), RECIPES[name])),
  );
}

/** Throws `Missing`, naming all that aren't installed. */
export function requireInstalled(servers: ServersFolder, names: readonly ServerName[]): void {
  const absent = names.filter((name) => !isInstalled(servers, name));
  if (absent.length > 0) throw new Missing(`Not installed: ${absent.join(', ')}. Run: npm run servers -- install ${absent.join(' ')}`);
}

/** The place of one server in `folder`, made when missing. `usual` ports are those of the table, `free` ones are chosen once. */
export async function placeIn(servers: ServersFolder, folder: string, name: ServerName, ports: 'usual' | 'free'): Promise<Place> {
  openedFolder(folder);
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true, mode: 0o750 });
  giveTo(servers.account, data);
  const known = readState(folder);
  const state = known ?? { secret: randomBytes(18).toString('hex'), ports: ports === 'usual' ? {} : await freePorts(name) };
  if (!known) writeFileSync(stateFile(folder), JSON.stringify(state), { mode: 0o600 });
  const chosen = ports === 'usual' ? SERVERS[name].ports : state.ports;
  return { name, home: homeOf(servers, name), data, folder, ports: chosen, account: servers.account, secret: state.secret };
}

function emptyData(place: Place): void {
  rmSync(place.data, { recursive: true, force: true });
  mkdirSync(place.data, { mode: 0o750 });
  giveTo(place.account, place.data);
}

async function freePorts(name: ServerName): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const key of Object.keys(SERVERS[name].ports)) ports[key] = await freePort();
  return ports;
}

const stateSchema = z.object({ secret: z.string(), ports: z.record(z.string(), z.number()) });

function readState(folder: string): z.infer<typeof stateSchema> | null {
  return existsSync(stateFile(folder)) ? stateSchema.parse(JSON.parse(readFileSync(stateFile(folder), 'utf8'))) : null;
}

function stateFile(folder: string): string {
  return join(folder, 'state.json');
}

function urlsOf<N extends ServerName>(names: readonly N[], placeOf: (name: N) => Place): Record<N, string> {
  const urls: Partial<Record<N, string>> = {};
  for (const name of names) urls[name] = RECIPES[name].url(placeOf(name));
  return urls as Record<N, string>;
}
