import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild, type Child } from './child.js';

export interface Contender extends AsyncDisposable {
  name: string;
  url: string;
  memoryMb(): number;
  processorMs(): number;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

const HIVE_VERSION = '2.15.1';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const hiveFolder = `${root}.cache/hive-gateway-${HIVE_VERSION}`;
const quiet = { NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1' };

/** Our engine alone, without limits, as the others have none. */
export async function startOurs(supergraphFile: string, nodeOptions: readonly string[] = []): Promise<Contender> {
  const args = [
    ...nodeOptions,
    '--enable-source-maps',
    `${root}gateway/dist/alone/main.js`,
    '--supergraph',
    supergraphFile,
    '--port',
    '0',
    '--limits',
    'off',
  ];
  const child = await startChild({ program: process.execPath, args, ready: /served at (\S+)\n/, env: quiet });
  return contender('ours', child.said[1] ?? '', child);
}

export async function startStock(supergraphFile: string): Promise<Contender> {
  const args = [fileURLToPath(new URL('stock-main.js', import.meta.url)), supergraphFile];
  const child = await startChild({ program: process.execPath, args, ready: /ready (\S+)\n/, env: quiet });
  return contender('stock', child.said[1] ?? '', child);
}

/** Hive Gateway, installed aside at its first use; null, with the reason in one line, when the registry has none to give. */
export async function startHive(supergraphFile: string, port: number): Promise<Contender | null> {
  if (!existsSync(`${hiveFolder}/node_modules/.bin/hive-gateway`)) {
    const fault = installHive();
    if (fault) {
      console.log(`Hive Gateway is left out: ${fault}`);
      return null;
    }
  }
  writeFileSync(`${hiveFolder}/gateway.config.mjs`, hiveConfig);
  const args = ['node_modules/.bin/hive-gateway', 'supergraph', supergraphFile, '--port', String(port), '--host', '127.0.0.1'];
  const child = await startChild({ program: process.execPath, args, ready: /Supergraph will be loaded/, env: quiet, cwd: hiveFolder });
  const url = `http://127.0.0.1:${port}/graphql`;
  await untilAnswering(url);
  return contender('hive', url, child);
}

function contender(name: string, url: string, child: Child): Contender {
  return {
    name,
    url,
    memoryMb: child.memoryMb,
    processorMs: child.processorMs,
    stop: child.stop,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

async function untilAnswering(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const isUp = () =>
    fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' }).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await isUp()) return;
    await setTimeout(100);
  }
  throw new Error(`Nobody answers at ${url}.`);
}

/** As ours: the client's credential is handed on, nothing is cached or reported. */
const hiveConfig = `export const gatewayConfig = {
  propagateHeaders: { fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }) },
  graphiql: false,
};
`;

function installHive(): string | null {
  mkdirSync(hiveFolder, { recursive: true });
  writeFileSync(`${hiveFolder}/package.json`, '{ "private": true }\n');
  console.log(`Installing Hive Gateway ${HIVE_VERSION} into ${hiveFolder} …`);
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', `@graphql-hive/gateway@${HIVE_VERSION}`];
  const { status, stderr } = spawnSync('npm', args, { cwd: hiveFolder, encoding: 'utf8', timeout: 300_000 });
  return status === 0 ? null : (stderr.split('\n').find((line) => line.includes('npm error')) ?? 'npm install failed');
}
