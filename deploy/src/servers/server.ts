import type { ServerAccount } from '@shop/standalone/postgres-account';
import type { ServerName } from './versions.js';

/** One server on this machine: where its programs lie, where its data lie, and where it listens. */
export interface Place {
  name: ServerName;
  /** Its programs; shared by all instances, never written to by a server. */
  home: string;
  /** Belongs to `account`. */
  data: string;
  /** Belongs to us and is readable to others: configuration files. */
  folder: string;
  ports: Readonly<Record<string, number>>;
  /** Who runs it; empty means ourselves. */
  account: ServerAccount;
  /** The password of the instance, where the server asks for one. */
  secret: string;
}

export interface Command {
  program: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** How one kind of server is installed, started, asked whether it is well, and stopped. */
export interface Recipe {
  /** Puts its programs into `home`. Throws `Missing` when the machine lacks what it takes. */
  install(home: string, account: ServerAccount): Promise<void>;
  /** Before a start: configuration, and the data folder's first content. Repeatable. */
  prepare?(place: Place): Promise<void>;
  command(place: Place): Command;
  /** Resolves when it serves; a rejection means not (yet). */
  ask(place: Place, signal: AbortSignal): Promise<void>;
  /** How clients reach it. */
  url(place: Place): string;
  stopSignal: NodeJS.Signals;
  readyWithinMs: number;
}

/** Something that only a person or the system's package manager can bring. */
export class Missing extends Error {
  override readonly name = 'Missing';
}

/** The port of that name; a recipe knows its own. */
export function portOf(place: Place, name = 'client'): number {
  const port = place.ports[name];
  if (port === undefined) throw new Error(`${place.name} has no port named ${name}`);
  return port;
}
