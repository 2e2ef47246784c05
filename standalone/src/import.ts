// `npm run import -- FILE [--currency EUR]`: sends a product file to the running shop and shows how it goes.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { request } from 'undici';
import { z } from 'zod';
import { readImportConfig, type ImportConfig } from './import-config.js';
import { IMPORT_ROUTE } from './import/import-route.js';

const newsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), line: z.number() }),
  z.object({ kind: z.literal('problem'), line: z.number(), message: z.string() }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('done'), created: z.number(), updated: z.number(), unchanged: z.number(), failed: z.number() }),
]);

const signedIn = z.object({ data: z.object({ signIn: z.object({ accessToken: z.string() }) }) });

const { values, positionals } = parseArgs({ allowPositionals: true, options: { currency: { type: 'string', default: 'EUR' } } });
const [file, ...rest] = positionals;
if (!file || rest.length > 0) {
  console.error('Usage: npm run import -- FILE [--currency EUR]   (FILE ends in .csv, .ndjson or .jsonl)');
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await sendFile(file, values.currency, readImportConfig());
  } catch (error) {
    console.error(error instanceof Error ? explain(error) : error);
    process.exitCode = 1;
  }
}

/** Returns the exit code: 0 when every row is in, 1 when some are not. */
async function sendFile(path: string, currency: string, config: ImportConfig): Promise<number> {
  const format = extname(path).toLowerCase() === '.csv' ? 'csv' : 'ndjson';
  const { size } = await stat(path);
  const reference = `import:${await digestOf(path)}`;
  const token = await signIn(config);
  let sent = 0;
  const body = createReadStream(path).on('data', (chunk) => (sent += chunk.length));
  const url = new URL(`${IMPORT_ROUTE}?${new URLSearchParams({ format, currency, reference }).toString()}`, config.url);
  const answer = await request(url, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    bodyTimeout: 120_000,
    headersTimeout: 30_000,
  });
  if (answer.statusCode !== 200) throw new Error(`The shop answered ${answer.statusCode}: ${await answer.body.text()}`);
  for await (const line of createInterface({ input: Readable.from(answer.body) })) {
    const news = newsSchema.parse(JSON.parse(line));
    switch (news.kind) {
      case 'progress':
        drawBar(sent, size, news.line);
        break;
      case 'problem':
        clearBar();
        console.log(`line ${news.line}: ${news.message}`);
        break;
      case 'failed':
        throw new Error(news.message);
      case 'done':
        clearBar();
        console.log(`${news.created} created, ${news.updated} updated, ${news.unchanged} unchanged, ${news.failed} failed`);
        return news.failed === 0 ? 0 : 1;
      default:
        return news satisfies never;
    }
  }
  throw new Error('The shop ended the import early; repeat it, what is in stays in.');
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64url');
}

async function signIn({ url, email, password }: ImportConfig): Promise<string> {
  const query =
    'mutation ImportSignIn($email: EmailAddress!, $password: String!) { signIn(email: $email, password: $password) { ... on AuthSession { accessToken } } }';
  const answer = await request(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { email, password } }),
    headersTimeout: 10_000,
  });
  const parsed = signedIn.safeParse(await answer.body.json());
  if (!parsed.success) throw new Error(`Signing in as ${email} did not work.`);
  return parsed.data.data.signIn.accessToken;
}

function drawBar(sent: number, size: number, line: number): void {
  if (!process.stdout.isTTY) return;
  const share = size === 0 ? 1 : sent / size;
  const width = 30;
  const full = Math.round(share * width);
  process.stdout.write(`\r[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${Math.round(share * 100)} % · line ${line}`);
}

function clearBar(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}

function explain(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED')
    return `No shop answers at ${readImportConfig().url}; "npm start" starts one, PORT or SHOP_URL names another.`;
  if (code === 'ENOENT') return `There is no file ${file}.`;
  return error.message;
}
