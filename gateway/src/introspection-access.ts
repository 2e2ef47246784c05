import { GraphQLError, Kind, NoSchemaIntrospectionCustomRule, type DocumentNode, type ValidationRule } from 'graphql';
import { hasScope, type Viewer } from '@shop/platform/viewer';

/** Who may ask for the schema. `__typename` is everybody's in any case. */
export type IntrospectionAccess = 'off' | 'everyone' | { scope: string };

/** Reads `true`, `false`, or `scope:<name>`; null for anything else. */
export function readIntrospectionAccess(text: string): IntrospectionAccess | null {
  if (text === 'true') return 'everyone';
  if (text === 'false') return 'off';
  const scope = /^scope:(\S+)$/.exec(text)?.[1];
  return scope === undefined ? null : { scope };
}

/** Where nobody may ask, a document that does is not valid. */
export function introspectionRules(access: IntrospectionAccess): readonly ValidationRule[] {
  return access === 'off' ? [NoSchemaIntrospectionCustomRule] : [];
}

/** Why this viewer may not send this document; null when it asks nothing of the schema, or may. Documents are looked at once. */
export function introspectionGuard(access: IntrospectionAccess): (document: DocumentNode, viewer: Viewer) => GraphQLError | null {
  if (typeof access === 'string') return () => null;
  const known = new WeakMap<DocumentNode, boolean>();
  return (document, viewer) => {
    const asks = known.get(document) ?? asksForSchema(document);
    known.set(document, asks);
    return asks && !hasScope(viewer, access.scope) ? refused(access.scope, viewer) : null;
  };
}

function refused(scope: string, { kind }: Viewer): GraphQLError {
  const isUnknown = kind === 'anonymous' || kind === 'order-token';
  return new GraphQLError(`The schema is told to holders of the scope ${scope} only.`, {
    extensions: { code: isUnknown ? 'UNAUTHENTICATED' : 'FORBIDDEN', http: { status: isUnknown ? 401 : 403 } },
  });
}

const ofSchema: ReadonlySet<string> = new Set(['__schema', '__type']);

/** These fields lie at the root only, but a fragment may hold them. */
function asksForSchema({ definitions }: DocumentNode): boolean {
  const pending = definitions.flatMap((definition) => ('selectionSet' in definition ? [definition.selectionSet] : []));
  for (let set = pending.pop(); set; set = pending.pop())
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD && ofSchema.has(selection.name.value)) return true;
      if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
    }
  return false;
}
