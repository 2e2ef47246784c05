import { expect, it } from 'vitest';
import { planStack } from './stack-plan.js';

const text = `
services:
  gateway:
    build: .
    command: [node, gateway.js]
    depends_on:
      orders: { condition: service_healthy }
      postgres: { condition: service_healthy }
    environment: { HOST: 0.0.0.0, PORT: 4000, ORDERS_URL: 'http://orders:4005' }
  orders:
    build: .
    command: [node, orders.js]
    depends_on:
      databases: { condition: service_completed_successfully }
      seed: { condition: service_completed_successfully, required: false }
    volumes: ['books:/data']
    environment: { HOST: 0.0.0.0, PORT: 4005, SECRET: '\${SECRET:?}', FOLDER: /data }
  databases:
    build: .
    command: [node, databases.js]
  seed:
    build: .
    profiles: [demo]
    command: [node, seed.js]
  postgres:
    image: postgres
`;
const plan = (options: { profiles?: string[]; replicas?: Record<string, number> } = {}) =>
  planStack({
    folder: '/stack',
    text,
    variables: { SECRET: 'of this stack' },
    stores: {},
    port: 4000,
    profiles: options.profiles ?? [],
    replicas: options.replicas ?? {},
  });

it('starts what is built from our image, in the order of what each needs, and tells what only runs to its end', async () => {
  const { instances } = await plan();
  expect(instances.map(({ name, needs, isTask }) => ({ name, needs, isTask }))).toEqual([
    { name: 'gateway', needs: ['orders'], isTask: false },
    { name: 'orders', needs: ['databases'], isTask: false },
    { name: 'databases', needs: [], isTask: true },
  ]);
});

it('waits for a task of a profile where that is on', async () => {
  const { instances } = await plan({ profiles: ['demo'] });
  expect(instances.find(({ name }) => name === 'orders')?.needs).toEqual(['databases', 'seed']);
  expect(instances.map(({ name }) => name)).toContain('seed');
});

it('gives each a port of its own, and tells the others', async () => {
  const { instances, portOf } = await plan();
  const [gateway, orders] = instances;
  expect(gateway?.environment).toEqual({ HOST: '127.0.0.1', PORT: '4000', ORDERS_URL: `http://127.0.0.1:${portOf('orders')}` });
  expect(orders?.environment).toEqual({
    HOST: '127.0.0.1',
    PORT: String(portOf('orders')),
    SECRET: 'of this stack',
    FOLDER: '/stack/volumes/books',
  });
});

it('puts a balancer where others look for something that runs twice', async () => {
  const { instances, balancers, portOf } = await plan({ replicas: { orders: 2 } });
  const twins = instances.filter(({ service }) => service === 'orders');
  expect(twins.map(({ name }) => name)).toEqual(['orders', 'orders-2']);
  expect(balancers).toEqual([{ port: portOf('orders'), targets: twins.map(({ port }) => port) }]);
  expect(twins.map(({ environment, port }) => environment['PORT'] === String(port))).toEqual([true, true]);
  expect(new Set([portOf('orders'), ...twins.map(({ port }) => port)]).size).toBe(3);
});
