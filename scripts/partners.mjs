// Judges the registered operations in schema/partners and schema/clients. Run after `tsc -b gateway`: node scripts/partners.mjs check
import { checkLists } from '@shop/gateway/check-lists';

const [command, folder = 'schema'] = process.argv.slice(2);
if (command !== 'check') {
  console.error('usage: npm run partners check');
  process.exit(2);
}

const { faults, sound } = await checkLists(folder);
for (const line of sound) console.log(line);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
