import type { ApolloServerPlugin } from '@apollo/server';
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ClientRequest } from './client-request.js';
import { refuseCardNumbers } from './card-number.js';
import type { GatewayConfig } from './config.js';
import { limitRules } from './limits.js';

/** Rules beside the specified ones, for every door. */
export function extraRules({ limits, introspection }: Pick<GatewayConfig, 'limits' | 'introspection'>) {
  return [...limitRules(limits), SingleFieldSubscriptionsRule, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
}

/** Refuses card numbers in variables and literals before anything of the operation runs. */
export const cardNumberPlugin: ApolloServerPlugin<ClientRequest> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, request }) => {
      const refusal = refuseCardNumbers(document, request.variables);
      if (refusal) throw refusal;
    },
  }),
};

export type CheckedOperation = { kind: 'valid'; document: DocumentNode } | { kind: 'refused'; errors: readonly GraphQLError[] };

/** Parses and checks operations that do not come through Apollo Server, by the same rules; the newest 1,000 texts are remembered. */
export function operationChecker(
  schema: GraphQLSchema,
  config: Pick<GatewayConfig, 'limits' | 'introspection'>,
): (text: string) => CheckedOperation {
  const rules = [...specifiedRules, ...extraRules(config)];
  const known = new LRUCache<string, CheckedOperation>({ max: 1_000 });
  const check = (text: string): CheckedOperation => {
    try {
      const document = parse(text, { maxTokens: config.limits.tokens });
      const errors = validate(schema, document, rules, { maxErrors: 10 });
      return errors.length > 0 ? { kind: 'refused', errors: errors.map(withoutSuggestions) } : { kind: 'valid', document };
    } catch (error) {
      if (error instanceof GraphQLError) return { kind: 'refused', errors: [withoutSuggestions(error)] };
      throw error;
    }
  };
  return (text) => {
    const checked = known.get(text) ?? check(text);
    known.set(text, checked);
    return checked;
  };
}

/** "Did you mean …" would tell the schema to those who may not ask for it. */
function withoutSuggestions(error: GraphQLError): GraphQLError {
  const code = error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED';
  return new GraphQLError(error.message.replace(/ ?Did you mean(.+?)\?$/, ''), {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code },
  });
}
