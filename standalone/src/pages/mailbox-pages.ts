import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Mail, MailReader, MailSummary } from '../mailbox/mailbox.js';
import { html, type Html } from './html.js';
import { sendPage, type Page } from './layout.js';

const SHOWN = 100;

/** A mail's HTML as it was sent: no script, no form and no address of elsewhere works in it; links open beside. */
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";

/** `/mailbox`, and each mail with its HTML in a sandbox. */
export async function mountMailboxPages(app: FastifyInstance, mailbox: MailReader): Promise<void> {
  app.get('/mailbox', async (_, reply) => sendPage(reply, listPage(await mailbox.mails(SHOWN))));
  app.get<{ Params: { id: string } }>('/mailbox/:id', async ({ params }, reply) => {
    const mail = await found(mailbox, params.id);
    return mail === null ? sendPage(reply, missingPage, 404) : sendPage(reply, mailPage(mail));
  });
  app.get<{ Params: { id: string } }>('/mailbox/:id/html', async ({ params }, reply) => {
    const mail = await found(mailbox, params.id);
    return mail === null || mail.html === null ? sendPage(reply, missingPage, 404) : sendHtml(reply, mail.html);
  });
}

export function listPage(mails: readonly MailSummary[]): Page {
  const main = html`<h1>Mailbox</h1>
    <p>The mails that the shop sent, the newest first. New ones appear by themselves.</p>
    <div id="mails">
      ${mails.length === 0 ? html`<p class="notice">No mail yet. Check out, and the confirmation arrives here.</p>` : mailList(mails)}
    </div>`;
  return { title: 'Mailbox', path: '/mailbox', main, scripts: ['/pages/mailbox.js'] };
}

export function mailPage({ id, from, to, subject, receivedAt, text, html: body }: Mail): Page {
  const main = html`<p><a href="/mailbox">All mails</a></p>
    <h1>${subject || 'No subject'}</h1>
    <dl class="facts">
      <div>
        <dt>From</dt>
        <dd>${from}</dd>
      </div>
      <div>
        <dt>To</dt>
        <dd>${to}</dd>
      </div>
      <div>
        <dt>Received</dt>
        <dd>${time(receivedAt)}</dd>
      </div>
    </dl>
    ${body === null ? null : html`<iframe class="mail" title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mailbox/${id}/html"></iframe>`}
    <section aria-labelledby="text">
      <h2 id="text">As text</h2>
      <pre class="mail-text">${text || 'This mail has no text part.'}</pre>
    </section>`;
  return { title: subject || 'Mail', path: '/mailbox', main };
}

const mailList = (mails: readonly MailSummary[]): Html =>
  html`<ul class="mails">
    ${mails.map(
      ({ id, to, subject, receivedAt }) =>
        html`<li><a href="/mailbox/${id}">${subject || 'No subject'}</a><span>${to}</span>${time(receivedAt)}</li> `,
    )}
  </ul>`;

const time = (at: Date): Html => html`<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>`;

const missingPage: Page = {
  title: 'No such mail',
  path: '/mailbox',
  main: html`<h1>No such mail</h1>
    <p>It never was here, or is too old by now. <a href="/mailbox">All mails</a></p>`,
};

async function found(mailbox: MailReader, id: string): Promise<Mail | null> {
  return /^\d{1,15}$/.test(id) ? mailbox.mail(Number(id)) : null;
}

function sendHtml(reply: FastifyReply, body: string): FastifyReply {
  const base = '<base target="_blank">';
  const text = /<head[^>]*>/i.test(body) ? body.replace(/<head[^>]*>/i, (head) => head + base) : `<!doctype html>${base}${body}`;
  return reply
    .headers({ 'content-security-policy': mailPolicy, 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
    .send(text);
}
