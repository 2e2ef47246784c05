import { Kind, type ConstDirectiveNode, type DocumentNode } from 'graphql';

/** What a supergraph may be made of, in the versions that this engine does right; another version may mean more. */
const handled: Readonly<Record<string, readonly string[]>> = {
  core: ['v0.1', 'v0.2'],
  link: ['v1.0'],
  join: ['v0.1', 'v0.2', 'v0.3', 'v0.4', 'v0.5'],
  inaccessible: ['v0.1', 'v0.2'],
  // Denied parts of an operation are cut out before it is planned.
  authenticated: ['v0.1'],
  requiresScopes: ['v0.1'],
  policy: ['v0.1'],
  // The planner rewrites fetches, which are done so.
  context: ['v0.1'],
  // For the limits of the host, and hints for whoever caches.
  cost: ['v0.1'],
  cacheTag: ['v0.1'],
  tag: ['v0.1', 'v0.2', 'v0.3'],
};

/** The features of a supergraph that have to be handled and are not, each by its address. Empty: it can be served. */
export function unhandledFeatures(supergraph: DocumentNode): string[] {
  return linksOf(supergraph).flatMap(({ url, isFor }) => {
    const { host, name, version } = parsed(url);
    const isKnown = host === 'specs.apollo.dev' && handled[name]?.includes(version);
    return isKnown || (isFor === undefined && !changesMeaning.has(name)) ? [] : [url];
  });
}

/** Features that say by themselves nothing of what they are for, and yet change what is answered. */
const changesMeaning: ReadonlySet<string> = new Set(['join', 'core', 'context', 'connect', 'source']);

interface Linked {
  url: string;
  isFor: string | undefined;
}

function linksOf({ definitions }: DocumentNode): Linked[] {
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) return [];
    return (definition.directives ?? []).flatMap((directive): Linked[] => {
      if (directive.name.value !== 'link' && directive.name.value !== 'core') return [];
      const url = argumentOf(directive, 'url') ?? argumentOf(directive, 'feature');
      return url === undefined ? [] : [{ url, isFor: argumentOf(directive, 'for') }];
    });
  });
}

function argumentOf(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((each) => each.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

function parsed(url: string): { host: string; name: string; version: string } {
  if (!URL.canParse(url)) return { host: '', name: '', version: '' };
  const { host, pathname } = new URL(url);
  const [name = '', version = ''] = pathname.split('/').filter(Boolean).slice(-2);
  return { host, name, version };
}
