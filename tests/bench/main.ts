// `npm run bench -- checkout|stack|browse|gateway|subscriptions|search [--seconds N] [--clients N]`
import { parseArgs } from 'node:util';
import { benchBrowse } from './browse.js';
import { benchCheckout } from './checkout/bench-checkout.js';
import { benchGateway } from './gateway/bench-gateway.js';
import { benchSearch } from './search/bench-search.js';
import { benchStack } from './stack/bench-stack.js';
import { benchSubscriptions } from './subscriptions/bench-subscriptions.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    clients: { type: 'string' },
    rate: { type: 'string' },
    products: { type: 'string', default: '100000' },
    profile: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const clients = values.clients === undefined ? undefined : Number(values.clients);

switch (positionals[0]) {
  case 'checkout':
    process.exitCode = (await benchCheckout({ seconds, buyers: clients ?? 24 })) ? 0 : 1;
    break;
  case 'stack':
    process.exitCode = (await benchStack({ seconds, buyers: clients ?? 12 })) ? 0 : 1;
    break;
  case 'browse':
    await benchBrowse({ seconds, ratePerSecond: values.rate === undefined ? 50 : Number(values.rate) });
    break;
  case 'gateway':
    process.exitCode = (await benchGateway({ seconds, clients: clients ?? 32, isProfile: values.profile })) ? 0 : 1;
    break;
  case 'subscriptions':
    process.exitCode = (await benchSubscriptions({ idle: clients ?? 10_000, followers: 1_000, events: 200 })) ? 0 : 1;
    break;
  case 'search':
    process.exitCode = (await benchSearch({ products: Number(values.products), seconds, clients: clients ?? 4 })) ? 0 : 1;
    break;
  default:
    console.error(
      'Usage: npm run bench -- checkout|stack|browse|gateway|subscriptions|search [--seconds 20] [--clients 24] [--rate 50] [--products 100000]',
    );
    process.exitCode = 2;
}
