import { expect, test } from 'vitest';
import { pageText } from './layout.js';
import { listPage, mailPage } from './mailbox-pages.js';

const evil = '<script>alert("x")</script>';
const mail = {
  id: 7,
  messageId: '<1@shop.example>',
  receivedAt: new Date('2026-01-02T03:04:05.678Z'),
  from: `${evil} <shop@shop.example>`,
  to: evil,
  subject: evil,
  text: evil,
  html: evil,
};

test('nothing of a mail becomes markup of the page', () => {
  for (const page of [listPage([mail]), mailPage(mail)]) expect(pageText(page)).not.toContain('<script>alert');
});

test('the HTML of a mail is shown in a sandbox that runs nothing', () => {
  const text = pageText(mailPage(mail));
  expect(text).toMatch(/<iframe[^>]*src="\/mailbox\/7\/html"/);
  expect(text).toMatch(/<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  expect(pageText(mailPage({ ...mail, html: null }))).not.toContain('<iframe');
});

test('a mail is listed with whom it went to and when', () => {
  const text = pageText(listPage([{ ...mail, subject: 'Your order', to: 'anna@shop.example' }]));
  expect(text).toContain('<a href="/mailbox/7">Your order</a>');
  expect(text).toContain('anna@shop.example');
  expect(text).toContain('<time datetime="2026-01-02T03:04:05.678Z">2026-01-02 03:04:05 UTC</time>');
});
