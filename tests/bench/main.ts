// `npm run bench -- checkout|browse|gateway [--seconds N] [--clients N]`
import { parseArgs } from 'node:util';
import { benchBrowse } from './browse.js';
import { benchCheckout } from './checkout.js';
import { benchGateway } from './gateway/bench-gateway.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '20' }, clients: { type: 'string' }, rate: { type: 'string' } },
});
const seconds = Number(values.seconds);
const clients = values.clients === undefined ? undefined : Number(values.clients);

switch (positionals[0]) {
  case 'checkout':
    process.exitCode = (await benchCheckout({ seconds, buyers: clients ?? 24 })) ? 0 : 1;
    break;
  case 'browse':
    await benchBrowse({ seconds, ratePerSecond: values.rate === undefined ? 50 : Number(values.rate) });
    break;
  case 'gateway':
    process.exitCode = (await benchGateway({ seconds, clients: clients ?? 32 })) ? 0 : 1;
    break;
  default:
    console.error('Usage: npm run bench -- checkout|browse|gateway [--seconds 20] [--clients 24] [--rate 50]');
    process.exitCode = 2;
}
