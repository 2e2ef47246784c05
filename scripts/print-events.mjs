// The table of events for docs/events.md: owners and contracts from schema/events, consumers from the subgraphs' events.ts.
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';

const modules = globSync('schema/events/dist/*.js')
  .filter((file) => !/(envelope|values)\.js$/.test(file))
  .toSorted();
const contracts = (
  await Promise.all(modules.map(async (file) => ({ owner: basename(file, '.js'), module: await import(`../${file}`) })))
).map(({ owner, module }) => ({
  owner,
  contracts: Object.values(module).filter((value) => typeof value?.type === 'string' && 'kind' in value),
}));

/** @param {{ name: string, subscriptions: { contract: { type: string } }[] }[]} subgraphs */
export function printEvents(subgraphs) {
  const consumersOf = (type) =>
    subgraphs.filter(({ subscriptions }) => subscriptions.some(({ contract }) => contract.type === type)).map(({ name }) => name);
  const sections = contracts.map(({ owner, contracts: own }) =>
    [`## ${owner}`, ...own.map((contract) => section(contract, consumersOf(contract.type)))].join('\n\n'),
  );
  return (
    [
      '# Events and commands',
      'Printed by `npm run schema` from `schema/events` and the `events.ts` tables; do not edit.',
      ...sections,
    ].join('\n\n') + '\n'
  );
}

function section({ type, kind, aggregate, description, data }, consumers) {
  const fields = Object.entries(z.toJSONSchema(data, { io: 'input' }).properties ?? {}).map(([name]) => `\`${name}\``);
  return [
    `### ${type}`,
    description,
    `- ${kind} of one ${aggregate}`,
    `- consumed by: ${consumers.length > 0 ? consumers.join(', ') : 'no subgraph; live queries may listen'}`,
    `- data: ${fields.join(', ')}`,
  ].join('\n');
}
