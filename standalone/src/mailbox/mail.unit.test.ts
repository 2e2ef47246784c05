import { expect, test } from 'vitest';
import { messageIdOf, readMail } from './mail.js';

const stored = { id: 7, messageId: '<1@shop.example>', receivedAt: '2026-01-02T03:04:05.000Z' };

test('a mail is read with its encodings and both of its parts', async () => {
  const source = [
    'From: The Shop <shop@shop.example>',
    'To: anna@shop.example',
    'Subject: =?UTF-8?Q?Deine_Gr=C3=B6=C3=9Fe?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Gr=C3=BC=C3=9Fe',
    '--x',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Grüße</p>',
    '--x--',
    '',
  ].join('\r\n');
  expect(await readMail({ ...stored, source })).toMatchObject({
    id: 7,
    receivedAt: new Date('2026-01-02T03:04:05.000Z'),
    from: '"The Shop" <shop@shop.example>',
    to: 'anna@shop.example',
    subject: 'Deine Größe',
    text: expect.stringContaining('Grüße'),
    html: '<p>Grüße</p>',
  });
});

test('a mail of almost nothing is still a mail', async () => {
  expect(await readMail({ ...stored, source: 'hello' })).toMatchObject({ from: '', to: '', subject: '', html: null });
});

test('the Message-ID is found in the headers only, folded or not', () => {
  expect(messageIdOf('Subject: a\r\nMessage-ID: <1@a>\r\n\r\nbody')).toBe('<1@a>');
  expect(messageIdOf('Message-Id:\r\n <2@a>\r\n\r\nbody')).toBe('<2@a>');
  expect(messageIdOf('Subject: a\r\n\r\nMessage-ID: <3@a>')).toBeNull();
});
