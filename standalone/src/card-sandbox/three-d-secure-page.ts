import { createHash } from 'node:crypto';
import type { PaymentIntent } from './payment-intent.js';

export interface Page {
  html: string;
  contentSecurityPolicy: string;
}

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 28rem; margin: 10vh auto; padding: 0 1rem; }
form { display: grid; gap: 0.75rem; margin-block: 1.5rem; }
button { font: inherit; padding: 0.75rem 1rem; min-height: 2.75rem; border-radius: 0.5rem; border: 2px solid currentColor; cursor: pointer; }
button:focus-visible { outline: 3px solid #2563eb; outline-offset: 2px; }
.amount { font-size: 1.5rem; font-weight: 600; }
.note { opacity: 0.75; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** The page on which the buyer approves or refuses a payment that waits for it. */
export function challengePage(intent: PaymentIntent): Page {
  const body = `<h1>Confirm your payment</h1>
<p>Your bank asks you to confirm this payment with your card.</p>
<p class="amount">${escapeHtml(amountText(intent))}</p>
<form method="post">
<button type="submit" name="outcome" value="approve">Approve the payment</button>
<button type="submit" name="outcome" value="refuse">Refuse the payment</button>
</form>
<p class="note">Test bank: no real money moves.</p>`;
  return page('Confirm your payment', body, intent.returnUrl);
}

/** Where a buyer ends up who answered and has no shop to go back to, or who comes a second time. */
export function resultPage(intent: PaymentIntent): Page {
  const back = intent.returnUrl === null ? '' : `\n<p><a href="${escapeHtml(intent.returnUrl)}">Back to the shop</a></p>`;
  const body = `<h1>${resultText(intent)}</h1>\n<p class="amount">${escapeHtml(amountText(intent))}</p>${back}`;
  return page('Payment confirmation', body, null);
}

export const unknownPaymentPage = (): Page =>
  page('Payment not found', '<h1>Payment not found</h1>\n<p>There is no payment at this address.</p>', null);

function resultText({ status }: PaymentIntent): string {
  switch (status) {
    case 'requires_capture':
    case 'succeeded':
      return 'The payment is approved';
    case 'requires_payment_method':
      return 'The payment was refused';
    case 'canceled':
      return 'The payment was cancelled';
    case 'requires_confirmation':
    case 'requires_action':
      return 'The payment is not complete';
    default:
      return status satisfies never;
  }
}

function amountText({ amountMinor, currency }: PaymentIntent): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

function page(title: string, body: string, returnUrl: string | null): Page {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return { html, contentSecurityPolicy: policy(returnUrl) };
}

/** Browsers apply `form-action` to the redirect after the form too, so the shop's origin has to be in it. */
function policy(returnUrl: string | null): string {
  const targets = returnUrl === null ? "'self'" : `'self' ${new URL(returnUrl).origin}`;
  return `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
