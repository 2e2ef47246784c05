import { forbidden } from '@shop/platform/graphql-errors';
import { isUuid } from '@shop/platform/ids';
import { batchedReference } from '@shop/platform/reference';
import { Scopes } from '@shop/platform/scopes';
import { NotFoundError, notFoundError, resolveUnionType, ValidationError, validationError } from '@shop/platform/user-errors';
import { hasScope } from '@shop/platform/viewer';
import { Arg, createUnionType, Ctx, Directive, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { ApiClient, PersistedOperationMode } from './api-client.entity.js';
import { clientOfKey, createApiClient, MAX_OVERLAP_SECONDS, revokeApiClient, rotateApiClientKey, type IssuedKey } from './api-client.js';
import type { UsersContext } from './context.js';

@InputType()
export class CreateApiClientInput {
  @Field(() => String)
  name!: string;

  @Field(() => [String])
  scopes!: string[];

  @Field(() => String, { description: 'Which manifest of schema/partners it may run.' })
  manifest!: string;

  @Field(() => PersistedOperationMode, { defaultValue: PersistedOperationMode.ID_ONLY })
  mode!: PersistedOperationMode;

  @Field(() => Int, { defaultValue: 600 })
  requestsPerMinute!: number;

  @Field(() => Int, { defaultValue: 60_000 })
  costPerMinute!: number;
}

@ObjectType()
export class ApiClientSecret {
  @Field(() => ApiClient)
  client!: ApiClient;

  @Field(() => String, { description: 'Shown once, stored hashed.' })
  apiKey!: string;
}

export const ApiClientResult = createUnionType({
  name: 'ApiClientResult',
  types: () => [ApiClientSecret, ValidationError, NotFoundError] as const,
  resolveType: resolveUnionType,
});

@Resolver(() => ApiClient)
export class ApiClientResolver {
  @Scopes('users:write')
  @Directive('@listSize(assumedSize: 50)')
  @Query(() => [ApiClient], { description: 'Newest first, revoked ones too; at most 500.' })
  async apiClients(@Ctx() { db }: UsersContext): Promise<ApiClient[]> {
    return await db.em().find(ApiClient, {}, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: 500 });
  }

  @Directive('@inaccessible')
  @Query(() => ApiClient, {
    nullable: true,
    description: 'Of our own gateways: who a partner is. By the SHA-256 of a key, in hexadecimal.',
  })
  async apiClientOfKey(@Arg('keyHash', () => String) keyHash: string, @Ctx() context: UsersContext): Promise<ApiClient | null> {
    if (context.viewer.kind !== 'service' || !hasScope(context.viewer, 'api-keys:verify')) throw forbidden('api-keys:verify');
    return await clientOfKey(context, keyHash);
  }

  @Scopes('users:write')
  @Mutation(() => ApiClientResult)
  async createApiClient(
    @Arg('input', () => CreateApiClientInput) input: CreateApiClientInput,
    @Ctx() context: UsersContext,
  ): Promise<ApiClientSecret | ValidationError> {
    const outcome = await createApiClient(context, input, context.viewer);
    return outcome.kind === 'created' ? secretOf(outcome.issued) : outcome.error;
  }

  @Scopes('users:write')
  @Mutation(() => ApiClientResult, {
    description: 'A new key. The one before it ends within 5 seconds, or after `overlapSeconds`, at most a week.',
  })
  async rotateApiClientKey(
    @Arg('id', () => ID) id: string,
    @Arg('overlapSeconds', () => Int, { defaultValue: 0 }) overlapSeconds: number,
    @Ctx() context: UsersContext,
  ): Promise<ApiClientSecret | ValidationError | NotFoundError> {
    const outcome = await rotateApiClientKey(context, id, overlapSeconds, context);
    switch (outcome.kind) {
      case 'rotated':
        return secretOf(outcome.issued);
      case 'not-found':
        return notFoundError('API client');
      case 'invalid-overlap':
        return validationError([{ path: ['overlapSeconds'], message: `must be from 0 to ${MAX_OVERLAP_SECONDS}` }]);
      default:
        return outcome satisfies never;
    }
  }

  @Scopes('users:write')
  @Mutation(() => Boolean, { description: 'All its keys end within 5 seconds, for good; false when there was nothing to end.' })
  async revokeApiClient(@Arg('id', () => ID) id: string, @Ctx() context: UsersContext): Promise<boolean> {
    return await revokeApiClient(context, id, context);
  }
}

/** For holders of users:write; for everybody else there are no API clients. */
export const apiClientReference = batchedReference<{ id: string }, UsersContext, ApiClient>(
  ({ id }) => id,
  async (ids, { db, viewer }) => {
    const known = hasScope(viewer, 'users:write') ? ids.filter(isUuid) : [];
    if (known.length === 0) return new Map();
    const clients = await db.em().find(ApiClient, { id: { $in: known } });
    return new Map(clients.map((client) => [client.id, client]));
  },
);

function secretOf({ client, apiKey }: IssuedKey): ApiClientSecret {
  return Object.assign(new ApiClientSecret(), { client, apiKey });
}
