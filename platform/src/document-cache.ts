import { GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

export type CheckedDocument = { kind: 'valid'; document: DocumentNode } | { kind: 'invalid'; errors: readonly GraphQLError[] };

/** Parses and validates each text once; the newest `max` are kept. */
export function documentCache(schema: GraphQLSchema, max: number): { get(text: string): CheckedDocument } {
  const cache = new LRUCache<string, CheckedDocument>({ max });
  return {
    get: (text) => {
      const known = cache.get(text);
      if (known) return known;
      const checked = check(schema, text);
      cache.set(text, checked);
      return checked;
    },
  };
}

function check(schema: GraphQLSchema, text: string): CheckedDocument {
  try {
    const document = parse(text);
    const errors = validate(schema, document);
    return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'valid', document };
  } catch (error) {
    if (error instanceof GraphQLError) return { kind: 'invalid', errors: [error] };
    throw error;
  }
}
