// `npm run stack`: the shop as docker-compose.yml has it, as processes on real stores of this machine.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { untilSignal } from '@shop/platform/lifecycle';
import { createLogger } from '@shop/platform/logger';
import { startDemoCarrier } from '@shop/standalone/carrier/demo-carrier';
import { isFree } from '@shop/standalone/free-port';
import { DEMO_PASSWORD, demoSignIns } from '@shop/standalone/sample-data/demo-people';
import { composeStores, composeText } from '../compose/compose-file.js';
import { requiredVariables } from '../compose/interpolation.js';
import { projectRoot } from '../project-root.js';
import { startServers, stopServersIn } from '../servers/start-servers.js';
import { SERVER_NAMES } from '../servers/versions.js';
import { readStackConfig, type StackSettings } from './config.js';
import { buyAsGuest, searchWorks } from './guest-checkout.js';
import { logsIn, startStack, type Stack } from './stack.js';
import { endProcessesIn } from './stack-process.js';
import { newSecret, wideLimits } from './stack-variables.js';

const say = (line = '') => process.stdout.write(`${line}\n`);

try {
  const settings = readStackConfig();
  if (settings.makesEnv) makeEnv();
  else await run(settings);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function run(settings: StackSettings): Promise<void> {
  const folder = resolve(settings.folder);
  if (!(await isFree(settings.port)))
    throw new Error(`Port ${settings.port} is taken; another one: PORT=${settings.port + 1} npm run stack`);
  const signalled = untilSignal();
  const stopping = new AbortController();
  void signalled.then((name) => stopping.abort(new Error(`${name}: the start was broken off.`)));
  await endLeftOvers(folder);
  if (settings.isFresh) rmSync(folder, { recursive: true, force: true });
  await using stores = await startStores(settings, folder);
  await using stack = await startStack({
    folder,
    stores: stores.urls,
    port: settings.port,
    variables: { DEMO_SIGN_INS: 'on', INTROSPECTION: 'true', ...wideLimits, ...chosen(settings.variables) },
    isSeeded: !settings.isEmpty,
    signal: stopping.signal,
    log: (line) => say(`  ${line}`),
  });
  await printStatus(stack, stores.urls);
  if (settings.isCheck) return await check(stack);
  await using _carrier = settings.withCarrier
    ? startDemoCarrier({ url: stack.url, ...carrierSignIn(), logger: createLogger('carrier', 'warn') })
    : null;
  welcome(stack.url, folder);
  say(`\n${await signalled}: finishing what is under way …`);
}

/** What a stack left behind that was killed. */
async function endLeftOvers(folder: string): Promise<void> {
  await endProcessesIn(logsIn(folder));
  await stopServersIn(SERVER_NAMES, join(folder, 'servers'));
}

/** Those that the environment names are used as they are; the others are started, and stopped again at the end. */
async function startStores({ stores }: StackSettings, folder: string): Promise<AsyncDisposable & { urls: Record<string, string> }> {
  const own = composeStores().filter((name) => stores[name] === undefined);
  if (own.length > 0) say(`Starting ${own.join(', ')} …`);
  const servers = await startServers(own, join(folder, 'servers'));
  return { urls: { ...servers.urls, ...stores }, [Symbol.asyncDispose]: () => servers.stop() };
}

async function check(stack: Stack): Promise<void> {
  await searchWorks(stack.url);
  say(`A guest has bought something: order ${await buyAsGuest(stack.url)} is confirmed.`);
}

async function printStatus(stack: Stack, stores: Readonly<Record<string, string>>): Promise<void> {
  const processes = (await stack.status()).map(({ name, state, pid, port }) => [name, state, String(pid ?? '-'), String(port ?? '-')]);
  const servers = Object.entries(stores).map(([name, url]) => [name, 'healthy', '-', new URL(url).port]);
  const rows = [['PROCESS', 'STATE', 'PID', 'PORT'], ...servers, ...processes];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) say(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function carrierSignIn(): { email: string; password: string } {
  const staff = demoSignIns.find(({ role }) => role === 'staff');
  if (!staff) throw new Error('The demo data has no staff.');
  return { email: staff.email, password: DEMO_PASSWORD };
}

function welcome(url: string, folder: string): void {
  say(`
  The shop is open: ${url}      GraphiQL: ${url}/graphiql      mails: ${url}/mailbox
  Sign in as ${demoSignIns.map(({ email }) => email).join(', ')} with ${DEMO_PASSWORD}
  Logs: ${logsIn(folder)}      Ctrl-C stops everything; it is all there again at the next start. --fresh begins anew.`);
}

/** Secrets for docker compose, which reads `.env` by itself. */
function makeEnv(): void {
  const file = join(projectRoot, '.env');
  if (existsSync(file)) throw new Error('.env is there already; it may hold secrets that are in use.');
  const lines = requiredVariables(composeText()).map((name) => `${name}=${newSecret(name)}`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  say('.env is written: a fresh secret for each variable that docker-compose.yml needs. Others with their defaults: .env.template');
}

function chosen(variables: StackSettings['variables']): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
