import { expect, test } from 'vitest';
import type { PaymentIntent } from './payment-intent.js';
import { challengePage, resultPage } from './three-d-secure-page.js';

const intent: PaymentIntent = {
  id: 'pi_1',
  clientSecret: 'pi_1_secret',
  status: 'requires_action',
  amountMinor: 123_456,
  currency: 'eur',
  captureMethod: 'manual',
  paymentMethod: 'pm_card_threeDSecure2Required',
  returnUrl: 'https://shop.example/orders/1?a="><script>alert(1)</script>&b=1',
  metadata: {},
  created: 1,
  canceledAt: null,
  cancellationReason: null,
  lastError: null,
  charge: null,
};

test('the page says the amount in its currency, whatever its number of decimals', () => {
  expect(challengePage(intent).html).toContain('€1,234.56');
  expect(challengePage({ ...intent, currency: 'jpy' }).html).toContain('¥123,456');
});

test('the page has two ways to answer and nothing from elsewhere', () => {
  const { html, contentSecurityPolicy } = challengePage(intent);
  expect(html.match(/<button type="submit" name="outcome" value="(approve|refuse)">/g)).toHaveLength(2);
  expect(html).not.toMatch(/src=|href=|<script/);
  expect(contentSecurityPolicy).toContain("default-src 'none'");
  expect(contentSecurityPolicy).toContain("form-action 'self' https://shop.example;");
});

test('the way back to the shop is escaped', () => {
  const { html } = resultPage({ ...intent, status: 'requires_capture' });
  expect(html).not.toContain('<script>');
  expect(html).toContain('href="https://shop.example/orders/1?a=&quot;&gt;&lt;script&gt;');
});
