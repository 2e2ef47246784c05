import { GraphQLError } from 'graphql';
import type { Excess, LimitName } from './limits.js';

/** The limits that an operation is refused by. Codes as Apollo Router has them, where it has them. */
export type OperationLimit = Extract<
  LimitName,
  | 'tokens'
  | 'depth'
  | 'aliases'
  | 'rootFields'
  | 'directives'
  | 'repeats'
  | 'cost'
  | 'listValues'
  | 'credentialMutations'
  | 'representations'
  | 'socketSubscriptions'
>;

export interface OperationExcess extends Excess {
  limit: OperationLimit;
}

const refusals: Record<OperationLimit, { code: string; text: (excess: Excess) => string }> = {
  tokens: { code: 'MAX_TOKENS_LIMIT', text: ({ max }) => `The document has more than ${max} tokens.` },
  depth: { code: 'MAX_DEPTH_LIMIT', text: ({ measured, max }) => `The operation is ${measured} levels deep; ${max} are allowed.` },
  aliases: { code: 'MAX_ALIASES_LIMIT', text: ({ measured, max }) => `The operation has ${measured} aliases; ${max} are allowed.` },
  rootFields: {
    code: 'MAX_ROOT_FIELDS_LIMIT',
    text: ({ measured, max }) => `The operation asks ${measured} fields of the root; ${max} are allowed.`,
  },
  directives: { code: 'MAX_DIRECTIVES_LIMIT', text: ({ measured, max }) => `The document has ${measured} directives; ${max} are allowed.` },
  repeats: {
    code: 'MAX_REPEATS_LIMIT',
    text: ({ measured, max }) => `The operation selects the same thing ${measured} times over in one place; ${max} times are allowed.`,
  },
  cost: {
    code: 'COST_ESTIMATED_TOO_EXPENSIVE',
    text: ({ measured, max }) =>
      `The operation may cost ${measured} points; ${max} are allowed. Ask for fewer entries, or for less of each.`,
  },
  listValues: { code: 'MAX_LIST_VALUES_LIMIT', text: ({ measured, max }) => `A list of ${measured} values was sent; ${max} are allowed.` },
  credentialMutations: {
    code: 'MAX_CREDENTIAL_MUTATIONS_LIMIT',
    text: ({ measured, max }) => `The request signs in, registers or refreshes ${measured} times; ${max} is allowed.`,
  },
  representations: {
    code: 'MAX_REPRESENTATIONS_LIMIT',
    text: ({ measured, max }) => `A part of the answer needs ${measured} entities at once; ${max} are allowed. Ask for fewer entries.`,
  },
  socketSubscriptions: {
    code: 'MAX_SUBSCRIPTIONS_LIMIT',
    text: ({ max }) => `This socket follows ${max} subscriptions already; more are not allowed.`,
  },
};

/** What a client is told, with HTTP status 400. */
export function refusal(excess: OperationExcess): GraphQLError {
  const { code, text } = refusals[excess.limit];
  return new GraphQLError(text(excess), { extensions: { code, http: { status: 400 } } });
}

/** Instead of an answer; what was asked has been done nevertheless. */
export function responseTooLarge({ measured, max }: Pick<Excess, 'measured' | 'max'>): GraphQLError {
  return new GraphQLError(`The answer is ${measured} bytes long; ${max} are allowed. Ask for fewer entries, or for less of each.`, {
    extensions: { code: 'RESPONSE_TOO_LARGE' },
  });
}
