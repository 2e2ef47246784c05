import { getNamedType, getNullableType, isLeafType, isObjectType, type GraphQLSchema } from 'graphql';

/** What is known of a root field of Subscription beyond its schema. */
export interface LiveField {
  /**
   * What its stream begins with. `state`: the newest event of each entity, which somebody who joins it later is given too. `nothing`: only
   * what happens from then on.
   */
  begins: 'state' | 'nothing';
  /** Fields of an event that tell which entity it is about; none: every event of one stream is about the same. */
  entity: readonly string[];
  /** Each event holds all that there is to know of its entity: of those that wait for a slow client, only the newest is kept. */
  conflate: boolean;
  /** The argument that says after which event to go on, and the field of an event that it is given. */
  resume: { argument: string; field: string } | null;
}

/** By the names of root fields. */
export type LiveFields = Readonly<Record<string, LiveField>>;

/** Those of `fields` that the schema has as they are described; the others are of some other schema. */
export function knownLiveFields(schema: GraphQLSchema, fields: LiveFields): ReadonlyMap<string, LiveField> {
  return new Map(Object.entries(fields).filter(([name, field]) => isKnown(schema, name, field)));
}

function isKnown(schema: GraphQLSchema, name: string, { entity, resume }: LiveField): boolean {
  const field = schema.getSubscriptionType()?.getFields()[name];
  if (!field) return false;
  const type = getNamedType(field.type);
  const isLeaf = (key: string) => {
    const of = isObjectType(type) ? type.getFields()[key] : undefined;
    return of !== undefined && isLeafType(getNullableType(of.type));
  };
  return entity.every(isLeaf) && (!resume || (isLeaf(resume.field) && field.args.some((argument) => argument.name === resume.argument)));
}

/** The type of the argument that a stream is resumed by, as a variable of it is declared. */
export function resumeType(schema: GraphQLSchema, field: string, argument: string): string {
  const found = schema
    .getSubscriptionType()
    ?.getFields()
    [field]?.args.find(({ name }) => name === argument);
  if (!found) throw new Error(`Subscription.${field} has no argument ${argument}.`);
  return String(getNullableType(found.type));
}
