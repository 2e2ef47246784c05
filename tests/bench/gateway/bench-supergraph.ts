import { composeServices } from '@apollo/composition';
import { subgraphTypes } from './bench-graph.js';

/** The subgraphs at these addresses as one. */
export function composedSupergraph(urls: ReadonlyMap<string, string>): string {
  const { supergraphSdl, errors } = composeServices([...urls].map(([name, url]) => ({ name, url, typeDefs: subgraphTypes(name) })));
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
