// Prints the SDL of every subgraph, composes them, writes the typed documents and docs/events.md. Run after `tsc -b`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { generate, loadContext } from '@graphql-codegen/cli';
import { lexicographicSortSchema, parse, printSchema } from 'graphql';
import { printEvents } from './print-events.mjs';

const names = ['users', 'catalog', 'search', 'cart', 'orders', 'payments', 'inventory', 'notifications'];
const cache = 'node_modules/.cache/shop-schema';

mkdirSync(cache, { recursive: true });
mkdirSync('schema/subgraphs', { recursive: true });

const subgraphs = await Promise.all(names.map(loadSubgraph));
for (const { name, schema } of subgraphs) {
  writeFileSync(`schema/subgraphs/${name}.graphql`, schema.sdl);
  writeFileSync(`${cache}/${name}.graphql`, printSchema(schema.schema));
}
compose(subgraphs);
await generateDocuments();
writeFileSync('docs/events.md', printEvents(subgraphs));
console.log(`Composed ${names.length} subgraphs into schema/supergraph.graphql.`);

async function loadSubgraph(name) {
  const entry = await import(`../subgraphs/${name}/dist/subgraph.js`);
  return { name, schema: entry[`${name}Schema`](), subscriptions: entry[`${name}Subscriptions`] ?? [] };
}

function compose(parts) {
  const { errors, supergraphSdl } = composeServices(
    parts.map(({ name, schema }) => ({ name, url: `http://${name}.subgraph.internal`, typeDefs: parse(schema.sdl) })),
  );
  if (errors?.length) {
    console.error(
      `The subgraphs do not compose:\n${errors.map((error) => `  ${error.extensions?.code ?? ''} ${error.message}`).join('\n')}`,
    );
    process.exit(1);
  }
  writeFileSync('schema/supergraph.graphql', `${supergraphSdl.trim()}\n`);
  const api = Supergraph.build(supergraphSdl, { supportedFeatures: null }).apiSchema().toGraphQLJSSchema();
  writeFileSync('schema/api.graphql', `${printSchema(lexicographicSortSchema(api))}\n`);
}

async function generateDocuments() {
  const context = await loadContext('codegen.yml');
  context.updateConfig({ silent: true });
  await generate(context, true);
}
