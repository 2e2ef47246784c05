import { describe, expect, it } from 'vitest';
import { compose } from './message.js';
import type { TopicFacts } from './wording.js';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const url = 'https://shop.example/track?order=1&from=mail';
const items = [{ name: 'Kettle, blue', quantity: 2, unitPrice: eur(1234) }];
const confirmed: TopicFacts['order-confirmed'] = { orderNumber: 'S-1', items, total: eur(2468) };

/** One example of each topic. */
const everything: TopicFacts = {
  welcome: { displayName: 'Anna' },
  'order-confirmed': confirmed,
  'order-rejected': { orderNumber: 'S-1', reason: 'OUT_OF_STOCK' },
  'order-cancelled': { orderNumber: 'S-1' },
  'order-shipped': { orderNumber: 'S-1', carrier: 'DHL', trackingNumber: '123', items, isPartial: true },
  'order-delivered': { orderNumber: 'S-1' },
  'payment-action-required': { orderNumber: 'S-1' },
  'payment-refunded': { orderNumber: 'S-1', amount: eur(500) },
};

describe('a message', () => {
  it('says the same as text and as HTML', () => {
    expect(compose('order-confirmed', confirmed, 'en', url)).toEqual({
      subject: 'Your order S-1 is confirmed',
      text: `Thank you! We are getting your order ready.\n\nTotal: €24.68\n\n- 2 × Kettle, blue, €12.34 each\n\nFollow your order: ${url}`,
      html:
        '<!doctype html><html><body><p>Thank you! We are getting your order ready.</p><p>Total: €24.68</p>' +
        '<ul><li>2 × Kettle, blue, €12.34 each</li></ul>' +
        '<p><a href="https://shop.example/track?order=1&amp;from=mail">Follow your order</a></p></body></html>',
    });
  });

  it('is written in German for a German reader, amounts included', () => {
    const { subject, text } = compose('order-confirmed', confirmed, 'de-AT', url);
    expect(subject).toBe('Deine Bestellung S-1 ist bestätigt');
    expect(text).toContain('24,68');
  });

  it('is written in English for whoever reads another language', () => {
    expect(compose('order-delivered', { orderNumber: 'S-1' }, 'den', url).subject).toBe('Your order S-1 has arrived');
    expect(compose('order-delivered', { orderNumber: 'S-1' }, 'not a locale!', url).subject).toBe('Your order S-1 has arrived');
  });

  it('lets no name become markup or a header', () => {
    const { html, text } = compose('welcome', { displayName: '<b>"Eve" & \'co\'</b>' }, 'en', url);
    expect(html).toContain('Hello &lt;b&gt;&quot;Eve&quot; &amp; &#39;co&#39;&lt;/b&gt;,');
    expect(text).toContain(`Hello <b>"Eve" & 'co'</b>,`);
    expect(compose('order-cancelled', { orderNumber: 'S-1\r\nBcc: eve@example.com' }, 'en', url).subject).toBe(
      'Your order S-1 Bcc: eve@example.com is cancelled',
    );
  });

  it('tells a reason that it does not know in general words', () => {
    const { text } = compose('order-rejected', { orderNumber: 'S-1', reason: 'NEW_REASON' }, 'en', url);
    expect(text).toContain('We could not fulfil it.');
  });

  it.each(['en', 'de'])('has words for every topic (%s)', (locale) => {
    const messages = [
      compose('welcome', everything.welcome, locale, url),
      compose('order-confirmed', everything['order-confirmed'], locale, url),
      compose('order-rejected', everything['order-rejected'], locale, url),
      compose('order-cancelled', everything['order-cancelled'], locale, url),
      compose('order-shipped', everything['order-shipped'], locale, url),
      compose('order-delivered', everything['order-delivered'], locale, url),
      compose('payment-action-required', everything['payment-action-required'], locale, url),
      compose('payment-refunded', everything['payment-refunded'], locale, url),
    ];
    for (const { subject, text, html } of messages) {
      expect(subject.length).toBeGreaterThan(5);
      expect(text).toContain(url);
      expect(`${subject}${text}${html}`).not.toMatch(/undefined|null|\[object/);
    }
  });
});
