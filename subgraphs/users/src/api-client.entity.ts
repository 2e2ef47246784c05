import { ArrayType } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

/** Which operations a partner may run, from anything to nothing but the ids of its manifest. */
export enum PersistedOperationMode {
  OFF = 'OFF',
  LOG_UNKNOWN = 'LOG_UNKNOWN',
  SAFELIST = 'SAFELIST',
  ID_ONLY = 'ID_ONLY',
}

registerEnumType(PersistedOperationMode, {
  name: 'PersistedOperationMode',
  description: 'Which operations a partner may run beside those of its manifest.',
  valuesConfig: {
    OFF: { description: 'Any.' },
    LOG_UNKNOWN: { description: 'Any; those that the manifest lacks are reported.' },
    SAFELIST: { description: 'None; those of the manifest by id or by their text.' },
    ID_ONLY: { description: 'None; those of the manifest by id alone.' },
  },
});

@Entity()
@Directive('@key(fields: "id")')
@ObjectType({ description: "A partner's machine client: its credential, its registered operations and its budget." })
export class ApiClient {
  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string;

  @Property({ type: 'text' })
  @Field(() => String)
  name!: string;

  @Property({ type: 'text' })
  @Field(() => String, { description: 'How its newest key begins.' })
  keyPrefix!: string;

  /** See `hashApiKey`. */
  @Property({ type: 'text' })
  @Unique({ name: 'api_client_key_hash_unique' })
  keyHash!: string;

  /** The key before the newest one, good until `previousKeyUntil`. */
  @Property({ type: 'text', nullable: true })
  @Unique({ name: 'api_client_previous_key_hash_unique' })
  previousKeyHash!: string | null;

  @Property({ type: 'datetime', nullable: true })
  previousKeyUntil!: Date | null;

  @Property({ type: ArrayType })
  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [String])
  scopes!: string[];

  @Property({ type: 'text' })
  @Field(() => String, { description: 'Which manifest of schema/partners it may run.' })
  manifest!: string;

  @Property({ type: 'text' })
  @Field(() => PersistedOperationMode)
  mode!: PersistedOperationMode;

  @Property({ type: 'integer' })
  @Field(() => Int)
  requestsPerMinute!: number;

  @Property({ type: 'integer' })
  @Field(() => Int)
  costPerMinute!: number;

  @Property({ type: 'datetime' })
  @Field(() => Date)
  createdAt!: Date;

  @Property({ type: 'datetime', nullable: true })
  @Field(() => Date, { nullable: true })
  revokedAt!: Date | null;
}
