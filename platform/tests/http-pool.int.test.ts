import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { AnswerTooLong, httpPool, type HttpPool, type HttpPoolOptions, type HttpPost } from '@shop/platform/http-pool';

const never = new AbortController().signal;
const post = (over: Partial<HttpPost> = {}): HttpPost => ({
  path: '/',
  headers: {},
  body: '{}',
  maxAnswerBytes: 1_000_000,
  signal: never,
  ...over,
});

interface Served extends AsyncDisposable {
  pool: HttpPool;
  /** How many connections were opened. */
  connections(): number;
}

async function serve(answer: RequestListener, options?: HttpPoolOptions): Promise<Served> {
  let opened = 0;
  const server = createServer(answer).on('connection', () => opened++);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const pool = httpPool(new URL(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`), options);
  return {
    pool,
    connections: () => opened,
    [Symbol.asyncDispose]: async () => {
      await pool[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a pool of connections', () => {
  it('sends what it is given, and reads answers of any length and language', async () => {
    await using served = await serve((request, response) => {
      response.setHeader('content-type', 'application/json');
      const told = String(request.headers['x-told']);
      void text(request).then((body) => response.end(`${request.method} ${request.url} ${told} ${body}`));
    });
    const body = 'ä€😀'.repeat(50_000);
    expect(await served.pool.post(post({ path: '/a?b=c', headers: { 'x-told': 'this' }, body }))).toMatchObject({
      status: 200,
      text: `POST /a?b=c this ${body}`,
    });
    expect((await served.pool.post(post({ body: '' }))).text).toBe('POST / undefined ');
    expect(served.connections()).toBe(1);
  });

  it('opens no more connections than it may, and answers everybody', async () => {
    await using served = await serve(
      (request, response) => {
        void text(request).then((body) => setImmediate(() => response.end(body)));
      },
      { connections: 3 },
    );
    const bodies = Array.from({ length: 50 }, (_, i) => `${i}`);
    const answers = await Promise.all(bodies.map((body) => served.pool.post(post({ body }))));
    expect(answers.map((answer) => answer.text)).toEqual(bodies);
    expect(served.connections()).toBe(3);
  });

  it('uses no connection again that the other side is about to close, or has closed', async () => {
    await using served = await serve((request, response) => {
      if (request.url === '/last') response.setHeader('connection', 'close');
      else response.setHeader('keep-alive', 'timeout=1');
      response.end('x');
    });
    for (const path of ['/last', '/short', '/']) expect((await served.pool.post(post({ path }))).text).toBe('x');
    expect(served.connections()).toBe(3);
  });

  it('says when a connection is lost in the middle, or never comes about', async () => {
    await using served = await serve((request, response) => {
      if (request.url === '/') request.socket.destroy();
      else response.end('x');
    });
    await expect(served.pool.post(post())).rejects.toThrow(/closed/);
    expect((await served.pool.post(post({ path: '/again' }))).text).toBe('x');
    await using nowhere = httpPool(new URL('http://127.0.0.1:1'));
    await expect(nowhere.post(post())).rejects.toThrow(/ECONNREFUSED/);
  });

  it('reads no more of an answer than it may', async () => {
    await using served = await serve((_, response) => response.end('x'.repeat(100_000)));
    await expect(served.pool.post(post({ maxAnswerBytes: 99_999 }))).rejects.toBeInstanceOf(AnswerTooLong);
    expect((await served.pool.post(post({ maxAnswerBytes: 100_000 }))).text).toHaveLength(100_000);
  });

  it('ends a call with its signal, also one that waits for its turn', async () => {
    await using served = await serve(() => undefined, { connections: 1 });
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => served.pool.post(post({ signal })));
    controllers[1]?.abort(new Error('left'));
    controllers[0]?.abort(new Error('too late'));
    await expect(calls[0]).rejects.toThrow('too late');
    await expect(calls[1]).rejects.toThrow('left');
    await expect(served.pool.post(post({ signal: AbortSignal.abort(new Error('before')) }))).rejects.toThrow('before');
  });

  it('uses a connection again on which an answer came soon after nobody wanted it any more', async () => {
    const asked = Promise.withResolvers<ServerResponse>();
    await using served = await serve(
      (request, response) => {
        if (request.url === '/left') asked.resolve(response);
        else response.end('x');
      },
      { connections: 1 },
    );
    const client = new AbortController();
    const call = served.pool.post(post({ path: '/left', signal: client.signal }));
    const response = await asked.promise;
    client.abort(new Error('left'));
    await expect(call).rejects.toThrow('left');
    response.end('y');
    expect((await served.pool.post(post())).text).toBe('x');
    expect(served.connections()).toBe(1);
  });

  it('tells the other side by a closed connection that nobody waits for an answer that does not come', async () => {
    const asked = Promise.withResolvers<ServerResponse>();
    await using served = await serve((_, response) => asked.resolve(response), { connections: 1 });
    const client = new AbortController();
    const call = served.pool.post(post({ signal: client.signal }));
    const response = await asked.promise;
    client.abort(new Error('left'));
    await expect(call).rejects.toThrow('left');
    await once(response, 'close');
    expect(response.writableEnded).toBe(false);
  });

  it('hands headers on as the bytes that came', async () => {
    await using served = await serve((request, response) => void response.end(request.headers.authorization));
    const bytes = Buffer.from('Bearer é☃').toString('latin1');
    for (const body of ['"é☃"', '"e"'])
      expect((await served.pool.post(post({ headers: { authorization: bytes }, body }))).text).toBe(bytes);
  });

  it('lets nobody write a header of their own', async () => {
    await using served = await serve((_, response) => response.end('x'));
    await expect(served.pool.post(post({ headers: { authorization: 'x\r\nx-admin: 1' } }))).rejects.toThrow(/line end/);
    expect((await served.pool.post(post())).text).toBe('x');
  });

  it('rejects what is under way when it is closed', async () => {
    const { pool, ...served } = await serve(() => undefined);
    const call = pool.post(post()).catch((error: unknown) => String(error));
    await pool[Symbol.asyncDispose]();
    expect(await call).toMatch(/closed/);
    await expect(pool.post(post())).rejects.toThrow(/closed/);
    await served[Symbol.asyncDispose]();
  });
});
