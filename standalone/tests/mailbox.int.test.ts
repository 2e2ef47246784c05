import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startMailbox } from '../src/mailbox/mailbox.js';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailbox-'));
  file = join(folder, 'mails.ndjson');
});
afterEach(() => rm(folder, { recursive: true }));

const mailOf = (number: number, subject = `Mail ${number}`): string[] => [
  'From: shop@shop.example',
  'To: anna@shop.example',
  `Subject: ${subject}`,
  `Message-ID: <${number}@shop.example>`,
  '',
  `This is mail ${number}.`,
  '..two dots in the beginning',
];

/** Says each command in turn, waits for its answer, and returns the codes of the answers. */
async function speak(port: number, mails: readonly (readonly string[])[]): Promise<string[]> {
  const commands = mails.flatMap((lines) => [
    'MAIL FROM:<shop@shop.example>',
    'RCPT TO:<anna@shop.example>',
    'DATA',
    [...lines, '.'].join('\r\n'),
  ]);
  const socket = connect(port, '127.0.0.1');
  const codes: string[] = [];
  const script = ['EHLO test', ...commands, 'QUIT'];
  for await (const line of createInterface({ input: socket })) {
    if (!/^\d{3} /.test(line)) continue;
    codes.push(line.slice(0, 3));
    const next = script.shift();
    if (next !== undefined) socket.write(`${next}\r\n`);
  }
  return codes;
}

test('a mail that was taken can be listed and read, the newest first', async () => {
  await using mailbox = await startMailbox({ port: 0, folder });
  expect((await speak(mailbox.port, [mailOf(1), mailOf(2)])).join(' ')).toBe('220 250 250 250 354 250 250 250 354 250 221');
  expect((await mailbox.mails(10)).map(({ subject }) => subject)).toEqual(['Mail 2', 'Mail 1']);
  expect((await mailbox.mails(1)).map(({ subject }) => subject)).toEqual(['Mail 2']);
  expect(await mailbox.mail(1)).toMatchObject({
    to: 'anna@shop.example',
    text: 'This is mail 1.\n.two dots in the beginning\n',
    html: null,
  });
  expect(await mailbox.mail(3)).toBeNull();
});

test('a mail that comes twice is kept once, also after a restart', async () => {
  {
    await using mailbox = await startMailbox({ port: 0, folder });
    await speak(mailbox.port, [mailOf(1), mailOf(1)]);
  }
  await using mailbox = await startMailbox({ port: 0, folder });
  await speak(mailbox.port, [mailOf(1), mailOf(2)]);
  expect((await mailbox.mails(10)).map(({ id, subject }) => [id, subject])).toEqual([
    [2, 'Mail 2'],
    [1, 'Mail 1'],
  ]);
});

test('a torn last line costs that mail only', async () => {
  {
    await using mailbox = await startMailbox({ port: 0, folder });
    await speak(mailbox.port, [mailOf(1), mailOf(2)]);
  }
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, -20));
  {
    await using mailbox = await startMailbox({ port: 0, folder });
    await speak(mailbox.port, [mailOf(3)]);
  }
  await using mailbox = await startMailbox({ port: 0, folder });
  expect((await mailbox.mails(10)).map(({ subject }) => subject)).toEqual(['Mail 3', 'Mail 1']);
});

test('the newest thousand are kept, and the file does not grow without end', async () => {
  {
    await using mailbox = await startMailbox({ port: 0, folder });
    await speak(
      mailbox.port,
      Array.from({ length: 4_100 }, (_, index) => mailOf(index + 1)),
    );
  }
  expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(1_200);
  await using mailbox = await startMailbox({ port: 0, folder });
  const kept = await mailbox.mails(10_000);
  expect([kept.length, kept[0]?.subject, kept.at(-1)?.subject]).toEqual([1_000, 'Mail 4100', 'Mail 3101']);
});

test('a mail that is too large is refused', async () => {
  await using mailbox = await startMailbox({ port: 0, folder });
  const large = [...mailOf(1), ...Array.from({ length: 1_200 }, () => 'x'.repeat(990))];
  expect((await speak(mailbox.port, [large])).slice(-2)).toEqual(['552', '221']);
  expect(await mailbox.mails(10)).toEqual([]);
});

test('a port that is taken is an error', async () => {
  await using mailbox = await startMailbox({ port: 0, folder });
  await expect(startMailbox({ port: mailbox.port, folder: join(folder, 'other') })).rejects.toThrow('EADDRINUSE');
});
