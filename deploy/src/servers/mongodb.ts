import { connect } from 'node:net';
import { join } from 'node:path';
import { run } from './command.js';
import { usablePython } from './python.js';
import { portOf, type Recipe } from './server.js';
import { SERVERS } from './versions.js';

/**
 * SecantusDB, which speaks MongoDB's protocol on MongoDB's storage engine. It stands in for MongoDB, which no package registry that this
 * machine can be expected to reach carries. `--sync-on-commit`: without it acknowledged writes are lost with the process.
 */
export const mongodb: Recipe = {
  install: async (home, account) => {
    const venv = join(home, 'venv');
    await run(usablePython(account), ['-m', 'venv', venv]);
    await run(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', `secantusdb==${SERVERS.mongodb.version}`]);
  },
  command: (place) => ({
    program: join(place.home, 'venv', 'bin', 'secantusd-py'),
    args: ['--host', '127.0.0.1', '--port', String(portOf(place)), '--storage-path', place.data, '--sync-on-commit'],
  }),
  ask: (place, signal) => accept(portOf(place), signal),
  url: (place) => `mongodb://127.0.0.1:${portOf(place)}`,
  stopSignal: 'SIGTERM',
  readyWithinMs: 60_000,
};

function accept(port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', signal });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
