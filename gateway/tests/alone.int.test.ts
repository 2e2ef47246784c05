import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './gateway-kit.js';
import { startPlainSubgraphs } from './plain-subgraphs.js';

const root = join(import.meta.dirname, '../..');
const start = (...args: string[]) =>
  spawn('npm', ['run', '-s', 'gateway', '--', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });

/** What it says to be served at; rejects when it ends without. */
async function addressOf(gateway: ReturnType<typeof start>): Promise<string> {
  let said = '';
  gateway.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    let printed = '';
    gateway.once('close', () => reject(new Error(printed + said)));
    gateway.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const served = /served at (\S+)\n/.exec(printed)?.[1];
      if (served) resolve(served);
    });
  });
}

/** What a call that cannot work says, and its exit code. */
async function refusal(...args: string[]): Promise<{ code: unknown; said: string; printed: string }> {
  const gateway = start(...args);
  const exit = once(gateway, 'close');
  const [said, printed] = await Promise.all([text(gateway.stderr), text(gateway.stdout)]);
  const [code] = (await exit) as [number];
  return { code, said, printed };
}

describe('the engine alone, before plain subgraphs', () => {
  const disposables = new AsyncDisposableStack();
  let url = '';
  let file = '';

  beforeAll(async () => {
    const folder = disposables.adopt(await mkdtemp(join(tmpdir(), 'supergraph-')), (path) => rm(path, { recursive: true }));
    const { supergraphSdl } = disposables.use(await startPlainSubgraphs());
    file = join(folder, 'supergraph.graphql');
    await writeFile(file, supergraphSdl);
    const gateway = disposables.adopt(start('--supergraph', file, '--port', '0', '--limits', 'off'), async ({ pid = 0, exitCode }) => {
      if (exitCode === null) process.kill(-pid, 'SIGTERM');
    });
    url = await addressOf(gateway);
  });
  afterAll(() => disposables.disposeAsync());

  it('is ready, and answers over both', async () => {
    expect((await fetch(new URL('/health/ready', url))).status).toBe(200);
    const { status, data } = await post(url, {
      query: 'query Q($id: ID!) { ship(id: $id) { name crew } ships { crew } }',
      variables: { id: '7' },
    });
    expect({ status, data }).toEqual({
      status: 200,
      data: { ship: { name: 'Ship 7', crew: ['Captain of 7'] }, ships: ['1', '2', '3'].map((id) => ({ crew: [`Captain of ${id}`] })) },
    });
  });

  it('answers the same when it knows an operation well', async () => {
    const ask = async (id: string) => {
      const body = JSON.stringify({ query: 'query Q($id: ID!) { ship(id: $id) { crew name } }', variables: { id } });
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return answer.text();
    };
    for (let id = 1; id <= 10; id++)
      expect(await ask(`Zoë ${id}`)).toBe(`{"data":{"ship":{"crew":["Captain of Zoë ${id}"],"name":"Ship Zoë ${id}"}}}`);
  });

  it('runs mutations', async () => {
    const { data } = await post(url, { query: 'mutation { rename(id: 1, name: "New") { name crew } }' });
    expect(data).toEqual({ rename: { name: 'New', crew: ['Captain of 1'] } });
  });

  it('completes subscriptions over both', async () => {
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
    const events = [];
    for await (const { data } of client.iterate({ query: 'subscription { shipSailed(upTo: 2) { name crew } }' })) events.push(data);
    await client.dispose();
    expect(events).toEqual([1, 2].map((id) => ({ shipSailed: { name: `Ship ${id}`, crew: [`Captain of ${id}`] } })));
  });

  it('hands the credential on, and judges it not', async () => {
    const { data } = await post(url, { query: '{ whoAsks }' }, { authorization: 'Basic anything' });
    expect(data).toEqual({ whoAsks: 'Basic anything' });
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: 'Bearer me' },
    });
    const { value } = await client.iterate({ query: 'subscription { whoListens }' }).next();
    await client.dispose();
    expect(value).toMatchObject({ data: { whoListens: 'Bearer me' } });
  });

  it('tells the schema and the errors of subgraphs', async () => {
    expect((await post(url, { query: '{ __type(name: "Ship") { name } }' })).data).toEqual({ __type: { name: 'Ship' } });
    const { data, errors } = await post(url, { query: '{ broken }' });
    expect(data).toEqual({ broken: null });
    expect(errors).toMatchObject([{ message: 'The mast broke', path: ['broken'] }]);
  });

  it('goes over to what is written into the file, unless it is broken', async () => {
    const sdl = await readFile(file, 'utf8');
    await writeFile(file, sdl.slice(0, sdl.length / 2));
    expect((await post(url, { query: '{ ships { crew } }' })).errors).toBeUndefined();
    await writeFile(file, sdl.replace(/^ *broken: .*$/m, ''));
    await expect.poll(async () => (await post(url, { query: '{ broken }' })).status).toBe(400);
    expect((await post(url, { query: '{ ships { crew } }' })).errors).toBeUndefined();
  });

  it('goes over to other addresses of subgraphs', async () => {
    await using others = await startPlainSubgraphs();
    await writeFile(file, others.supergraphSdl.replace(/^ *whoAsks: .*$/m, ''));
    await expect.poll(async () => (await post(url, { query: '{ whoAsks }' })).status).toBe(400);
    expect((await post(url, { query: '{ ships { crew } }' })).errors).toBeUndefined();
  });
});

describe('a call that cannot work says why', () => {
  it('when the file is missing, is no supergraph, or is not named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'supergraph-'));
    const file = join(folder, 'broken.graphql');
    await writeFile(file, 'type Query { a: Int }');
    const [missing, broken, unnamed] = [await refusal('--supergraph', '/nowhere'), await refusal('--supergraph', file), await refusal()];
    await rm(folder, { recursive: true });
    expect(missing).toMatchObject({ code: 2, printed: '', said: expect.stringMatching(/\/nowhere cannot be read: ENOENT/) });
    expect(broken).toMatchObject({ code: 2, printed: '', said: expect.stringMatching(/This is no supergraph/) });
    expect(unnamed).toMatchObject({ code: 2, printed: '', said: expect.stringMatching(/Which supergraph\?/) });
  });

  it('when the port is none, or taken', async () => {
    const shop = ['--supergraph', join(root, 'schema/supergraph.graphql')];
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const taken = typeof address === 'object' && address ? `${address.port}` : '';
    expect(await refusal(...shop, '--port', 'x')).toMatchObject({ code: 2, said: expect.stringMatching(/"x" is no port/) });
    expect(await refusal(...shop, '--port', taken)).toMatchObject({
      code: 2,
      said: expect.stringMatching(/cannot be listened on: .*EADDRINUSE/),
    });
    server.close();
  });
});
