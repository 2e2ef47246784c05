import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireProgram, run } from './command.js';
import { portOf, type Place, type Recipe } from './server.js';
import { SERVERS } from './versions.js';

/**
 * NATS with JetStream, built by Go from its pinned source. Every acknowledged message is on disk (`sync_interval: always`): without that a
 * server that loses power loses what it acknowledged up to two minutes before (its default interval).
 */
export const nats: Recipe = {
  install: async (home) => {
    requireProgram('go', 'NATS is built from source; install Go 1.25 or later.');
    await run('go', ['install', `github.com/nats-io/nats-server/v2@v${SERVERS.nats.version}`], { env: { GOBIN: join(home, 'bin') } });
  },
  prepare: async (place) => writeFileSync(configOf(place), configuration(place)),
  command: (place) => ({ program: join(place.home, 'bin', 'nats-server'), args: ['-c', configOf(place)] }),
  ask: async (place, signal) => {
    const answer = await fetch(`http://127.0.0.1:${portOf(place, 'monitor')}/healthz`, { signal });
    if (!answer.ok) throw new Error(`not healthy: ${await answer.text()}`);
  },
  url: (place) => `nats://127.0.0.1:${portOf(place)}`,
  stopSignal: 'SIGTERM',
  readyWithinMs: 30_000,
};

function configOf({ folder }: Place): string {
  return join(folder, 'nats.conf');
}

function configuration(place: Place): string {
  return [
    'server_name: shop',
    `listen: "127.0.0.1:${portOf(place)}"`,
    `http: "127.0.0.1:${portOf(place, 'monitor')}"`,
    'max_payload: 1MB',
    `jetstream { store_dir: ${JSON.stringify(place.data)}, sync_interval: always, max_memory_store: 64MB, max_file_store: 16GB }`,
    '',
  ].join('\n');
}
