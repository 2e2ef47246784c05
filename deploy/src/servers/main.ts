import { join } from 'node:path';
import { install } from './install.js';
import { RECIPES } from './recipes.js';
import { isReady, logOf, memoryOf, processAt, startServer, stopServer } from './server-process.js';
import type { Place } from './server.js';
import { serversFolder } from './servers-folder.js';
import { placeIn, requireInstalled } from './start-servers.js';
import { SERVERS, SERVER_NAMES, type ServerName } from './versions.js';

const usage = `npm run servers -- install|start|stop|status [${SERVER_NAMES.join('|')} ...]      default: all`;

const servers = serversFolder();

const commands: Readonly<Record<string, (names: readonly ServerName[]) => Promise<void>>> = {
  install: installAll,
  start: startAll,
  stop: stopAll,
  status: printStatus,
};

async function installAll(names: readonly ServerName[]): Promise<void> {
  for (const name of names) {
    const { product, version } = SERVERS[name];
    const outcome = await install(servers, name).catch((error: unknown) => ({ kind: 'failed' as const, what: messageOf(error) }));
    if (outcome.kind === 'present') print(`${product} ${version}: is here`);
    else if (outcome.kind === 'installed') print(`${product} ${version}: installed in ${outcome.seconds.toFixed(1)} s`);
    else {
      complain(`${product} ${version}: not installed. ${outcome.what}`);
      process.exitCode = 1;
    }
  }
}

async function startAll(names: readonly ServerName[]): Promise<void> {
  requireInstalled(servers, names);
  const outcomes = await Promise.allSettled(names.map(async (name) => startServer(await placeOf(name), RECIPES[name])));
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue;
    complain(messageOf(outcome.reason));
    process.exitCode = 1;
  }
  await printStatus(names);
}

async function stopAll(names: readonly ServerName[]): Promise<void> {
  await Promise.all(names.map(async (name) => stopServer(await placeOf(name), RECIPES[name])));
  await printStatus(names);
}

async function printStatus(names: readonly ServerName[]): Promise<void> {
  const rows = await Promise.all(names.map(async (name) => statusOf(name, await placeOf(name))));
  const header = ['SERVER', 'VERSION', 'STATE', 'PID', 'MEMORY', 'URL', 'LOG'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [header, ...rows])
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

async function statusOf(name: ServerName, place: Place): Promise<string[]> {
  const { product, version } = SERVERS[name];
  const running = processAt(place);
  const memory = running && memoryOf(running);
  const state = running ? ((await isReady(place, RECIPES[name])) ? 'healthy' : 'not answering') : 'stopped';
  return [
    name,
    product.toLowerCase() === name ? version : `${product} ${version}`,
    state,
    running ? String(running.pid) : '-',
    memory === null ? '-' : `${Math.round(memory / 1e6)} MB`,
    running ? RECIPES[name].url(place) : '-',
    logOf(place),
  ];
}

function placeOf(name: ServerName): Promise<Place> {
  return placeIn(servers, join(servers.path, 'run', name), name, 'usual');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function namesOf(given: readonly string[]): readonly ServerName[] | null {
  const names = SERVER_NAMES.filter((name) => given.includes(name));
  return given.length === 0 ? SERVER_NAMES : names.length === new Set(given).size ? names : null;
}

const [command = '', ...given] = process.argv.slice(2);
const names = namesOf(given);
const work = commands[command];
if (!work || !names) {
  complain(usage);
  process.exitCode = 2;
} else {
  await work(names).catch((error: unknown) => {
    complain(messageOf(error));
    process.exitCode = 1;
  });
}
