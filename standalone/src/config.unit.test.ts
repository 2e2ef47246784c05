import { expect, it } from 'vitest';
import { readConfig } from './config.js';

it('pays by the card sandbox unless there is an account at Stripe', () => {
  expect(readConfig({}, []).stripe).toBeNull();
  const account = { STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_WEBHOOK_SECRETS: 'whsec_new,whsec_old' };
  expect(readConfig(account, []).stripe).toEqual({ secretKey: 'sk_live_1', webhookSecrets: ['whsec_new', 'whsec_old'] });
});

it('wants both of the account or neither', () => {
  expect(() => readConfig({ STRIPE_SECRET_KEY: 'sk_live_1' }, [])).toThrow(
    'STRIPE_WEBHOOK_SECRETS: is needed together with STRIPE_SECRET_KEY',
  );
});

it('names every fault, and arguments that it does not know', () => {
  expect(() => readConfig({ PORT: 'http', DEMO_CARRIER: 'maybe' }, [])).toThrow(/PORT: a port from 0 to 65535[^]*DEMO_CARRIER/);
  expect(() => readConfig({}, ['--frehs'])).toThrow('Unknown argument --frehs');
});

it('tells metrics only where it is told a port for them', () => {
  expect(readConfig({}, []).metricsPort).toBeNull();
  expect(readConfig({ METRICS_PORT: '9100' }, []).metricsPort).toBe(9100);
});
