import { Kind, parse, type ArgumentNode, type DirectiveNode } from 'graphql';

/** The URL of each subgraph that a supergraph names, by the subgraph's name. Throws an error for people when one cannot be called. */
export function subgraphAddresses(supergraphSdl: string): ReadonlyMap<string, URL> {
  const graphs = parse(supergraphSdl).definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) throw new Error('This is no supergraph: it does not say which subgraphs it is made of.');
  return new Map(
    (graphs.values ?? []).map(({ directives }) => {
      const graph = directives?.find(({ name }) => name.value === 'join__graph');
      const name = textArgument(graph, 'name');
      return [name, addressOf(name, textArgument(graph, 'url'))];
    }),
  );
}

function addressOf(name: string, url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error(`The subgraph ${name} cannot be called at "${url}": a URL with http or https is needed.`);
  return new URL(url);
}

function textArgument(directive: DirectiveNode | undefined, name: string): string {
  const given: ArgumentNode | undefined = directive?.arguments?.find((argument) => argument.name.value === name);
  return given?.value.kind === Kind.STRING ? given.value.value : '';
}
