import type { ComposeProcess } from '../compose/compose-file.js';

/** What containers find by name, on one machine. */
export interface Surroundings {
  /** Ports of our own processes, by `name:port` of the compose file. */
  ports: ReadonlyMap<string, number>;
  /** Where the servers of others answer, by their name in the compose file. */
  stores: ReadonlyMap<string, string>;
  /** The folder that stands for a named volume. */
  folderOf(volume: string): string;
}

/** The environment of a compose process, for the same process on this machine: addresses, own ports and mounted folders are replaced, nothing else. */
export function onThisMachine({ name, environment, volumes }: ComposeProcess, surroundings: Surroundings): Record<string, string> {
  const { ports, stores, folderOf } = surroundings;
  const replaced = ([key, value]: [string, string]): [string, string] => {
    if (key === 'HOST') return [key, '127.0.0.1'];
    if (/(^|_)PORT$/.test(key)) return [key, String(ports.get(`${name}:${value}`) ?? value)];
    for (const [target, volume] of volumes)
      if (value === target || value.startsWith(`${target}/`)) return [key, `${folderOf(volume)}${value.slice(target.length)}`];
    const atStore = URL.canParse(value) ? storeUrl(new URL(value), stores) : null;
    return [key, atStore ?? withLocalPorts(value, ports)];
  };
  return Object.fromEntries(Object.entries(environment).map(replaced));
}

/** Several addresses may stand in one value. */
function withLocalPorts(value: string, ports: Surroundings['ports']): string {
  return value.replaceAll(/(?<=\/\/|@)[a-z][a-z-]*:\d+/g, (address) => {
    const port = ports.get(address);
    return port === undefined ? address : `127.0.0.1:${port}`;
  });
}

/**
 * PostgreSQL keeps the roles and databases that the compose file names, but for its superuser, whose address is the server's own. Other
 * stores are taken as they are found on the machine, with their own credentials or none; only the path is kept (a database's name).
 */
function storeUrl(url: URL, stores: Surroundings['stores']): string | null {
  const found = stores.get(url.hostname);
  if (found === undefined) return null;
  const there = new URL(found);
  if (url.protocol.startsWith('postgres')) {
    if (url.username === 'postgres') return found;
    // `host` of a URL of this scheme cannot be set where there was none of a special scheme, so it is put together.
    return `${url.protocol}//${url.username}:${url.password}@${there.host}${url.pathname}${there.search}`;
  }
  const path = url.pathname.length > 1 ? url.pathname : there.pathname;
  const credentials = there.username === '' ? '' : `${there.username}:${there.password}@`;
  return `${there.protocol}//${credentials}${there.host}${path === '/' ? '' : path}${there.search}`;
}
