import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkEnv, variablesRead } from '../../scripts/check-env.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shop-check-env-'));
  mkdirSync(join(root, 'subgraphs/orders/src'), { recursive: true });
  const declared = 'z.object({ ORDERS_PORT: z.string(), DATABASE_URL: z.string() })';
  writeFileSync(
    join(root, 'subgraphs/orders/src/config.ts'),
    `export const readEnv = () => ${declared}.parse(process.env).DATABASE_URL;\n`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const describe = (readme: string, template: string): void => {
  writeFileSync(join(root, 'subgraphs/orders/README.md'), readme);
  writeFileSync(join(root, '.env.template'), template);
};

test('a variable missing in the README or in the template is named, once each', () => {
  describe('| `ORDERS_PORT` | port |', 'DATABASE_URL=\n');
  expect(checkEnv(root)).toEqual([
    expect.stringContaining('reads DATABASE_URL, which subgraphs/orders/README.md'),
    expect.stringContaining('reads ORDERS_PORT, which .env.template'),
  ]);
});

test('variables that both name pass, and part of a longer name is no mention', () => {
  describe('`ORDERS_PORT` `DATABASE_URL`', 'ORDERS_PORT=1\n# DATABASE_URL=\n');
  expect(checkEnv(root)).toEqual([]);
  describe('`ORDERS_PORT_2` `DATABASE_URL`', 'ORDERS_PORT=1\nDATABASE_URL=\n');
  expect(checkEnv(root)).toHaveLength(1);
});

test.each(['platform/src/config.ts', 'standalone/src/bus-config.ts'])(
  'a group of variables that is taken over from %s counts',
  (source) => {
    mkdirSync(join(root, 'platform/src'), { recursive: true });
    mkdirSync(join(root, 'standalone/src/mailbox'), { recursive: true });
    writeFileSync(join(root, source), 'export const busVariables = { NATS_URL: z.url() };\n');
    writeFileSync(join(root, 'standalone/src/mailbox/config.ts'), 'const schema = z.object({ ...busVariables });\n');
    describe('`ORDERS_PORT` `DATABASE_URL`', 'ORDERS_PORT=1\nDATABASE_URL=\n');
    expect(checkEnv(root).filter((fault) => fault.includes('mailbox/config.ts'))).toEqual([
      expect.stringContaining('reads NATS_URL, which standalone/README.md'),
      expect.stringContaining('reads NATS_URL, which .env.template'),
    ]);
  },
);

test('a group counts with the groups that it is made of', () => {
  mkdirSync(join(root, 'platform/src'), { recursive: true });
  const groups = [
    'export const busVariables = { NATS_URL: z.url() };',
    'export const subgraphVariables = { ...busVariables, SECRET: z.string() };',
  ];
  writeFileSync(join(root, 'platform/src/config.ts'), groups.join('\n'));
  writeFileSync(join(root, 'subgraphs/orders/src/config.ts'), 'const schema = z.object({ ...subgraphVariables });\n');
  expect(variablesRead(root, 'subgraphs/orders/src/config.ts')).toEqual(['NATS_URL', 'SECRET']);
});
