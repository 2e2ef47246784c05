import { batchedByRequest } from '@shop/platform/reference';
import { requireUserId } from '@shop/platform/scopes';
import { NotFoundError, notFoundError, resolveUnionType, ValidationError } from '@shop/platform/user-errors';
import { PostalAddressInput } from '@shop/platform/value-types';
import { Arg, createUnionType, Ctx, Directive, Field, FieldResolver, InputType, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { AddressBookEntry } from './address-book-entry.entity.js';
import { addAddress } from './address-book.js';
import type { UsersContext } from './context.js';
import { User } from './user.entity.js';

@InputType()
export class AddAddressInput {
  @Field(() => String, { nullable: true })
  label?: string | null;

  @Field(() => PostalAddressInput)
  address!: PostalAddressInput;

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  defaultShipping?: boolean | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false })
  defaultBilling?: boolean | null;
}

@ObjectType()
export class AddressPayload {
  @Field(() => AddressBookEntry)
  entry!: AddressBookEntry;
}

export const AddressResult = createUnionType({
  name: 'AddressResult',
  types: () => [AddressPayload, ValidationError, NotFoundError] as const,
  resolveType: resolveUnionType,
});

@Resolver(() => User)
export class AddressBookResolver {
  @Directive('@listSize(assumedSize: 4)')
  @FieldResolver(() => [AddressBookEntry], { description: 'In the order in which they were added.' })
  async addresses(@Root() user: User, @Ctx() context: UsersContext): Promise<AddressBookEntry[]> {
    return (await entriesOf(context).load(user.id)) ?? [];
  }

  @Mutation(() => AddressResult, { description: 'At most 50 entries. A new default takes the place of the old one.' })
  async addAddress(
    @Arg('input', () => AddAddressInput) input: AddAddressInput,
    @Ctx() context: UsersContext,
  ): Promise<AddressPayload | ValidationError | NotFoundError> {
    const outcome = await addAddress(context, requireUserId(context.viewer), input);
    switch (outcome.kind) {
      case 'added':
        return Object.assign(new AddressPayload(), { entry: outcome.entry });
      case 'invalid':
        return outcome.error;
      case 'no-such-user':
        return notFoundError('Account');
      default:
        return outcome satisfies never;
    }
  }
}

const entriesOf = batchedByRequest<UsersContext, AddressBookEntry[]>(async (userIds, { db }) => {
  const entries = await db.em().find(AddressBookEntry, { userId: { $in: [...userIds] } }, { orderBy: { createdAt: 'asc', id: 'asc' } });
  return Map.groupBy(entries, ({ userId }) => userId);
});
