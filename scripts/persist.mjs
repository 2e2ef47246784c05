// Makes a manifest of persisted operations from the .graphql files of a folder. Run after `tsc -b gateway`:
// node scripts/persist.mjs <folder> [--out <file> | --out -]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { persistFolder } from '@shop/gateway/persist-folder';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
const [folder] = positionals;
if (folder === undefined || positionals.length > 1) {
  console.error('usage: npm run persist -- <folder> [--out <file>]   (--out - prints it)');
  process.exit(2);
}

const persisted = await persistFolder(folder, 'schema');
if (persisted.kind === 'faulty') {
  for (const fault of persisted.faults) console.error(fault);
  process.exit(1);
}
const file = values.out ?? join(folder, 'persisted-queries.json');
if (file === '-') process.stdout.write(persisted.text);
else {
  writeFileSync(file, persisted.text);
  console.log(`${file}: ${persisted.operations} operations`);
}
