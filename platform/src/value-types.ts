import { GraphQLCountryCode, GraphQLCurrency, GraphQLLocale, GraphQLSafeInt } from 'graphql-scalars';
import { Arg, Ctx, Directive, Field, InputType, ObjectType } from 'type-graphql';
import { formatAmount, type Amount } from './money.js';
import type { RequestContext } from './request-context.js';

@Directive('@shareable')
@ObjectType()
export class Money implements Amount {
  @Field(() => GraphQLSafeInt, {
    description: "Integer of the currency's minor unit: EUR 12.34 is 1234, JPY 500 is 500, KWD 1.234 is 1234.",
  })
  amountMinor!: number;

  @Field(() => GraphQLCurrency)
  currency!: string;

  @Field(() => String, { description: "For people, e.g. €12.34. The locale defaults to the request's Accept-Language." })
  formatted(@Arg('locale', () => GraphQLLocale, { nullable: true }) locale: string | null, @Ctx() context: RequestContext): string {
    return formatAmount(this, locale ?? context.locale);
  }
}

@InputType()
export class MoneyInput implements Amount {
  @Field(() => GraphQLSafeInt)
  amountMinor!: number;

  @Field(() => GraphQLCurrency)
  currency!: string;
}

@Directive('@shareable')
@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

@Directive('@shareable')
@ObjectType()
export class PostalAddress {
  @Field(() => String)
  fullName!: string;

  @Field(() => String, { nullable: true })
  company!: string | null;

  @Field(() => String)
  line1!: string;

  @Field(() => String, { nullable: true })
  line2!: string | null;

  @Field(() => String)
  city!: string;

  @Field(() => String, { nullable: true })
  region!: string | null;

  @Field(() => String)
  postalCode!: string;

  @Field(() => GraphQLCountryCode)
  country!: string;

  @Field(() => String, { nullable: true })
  phone!: string | null;
}

@InputType()
export class PostalAddressInput {
  @Field(() => String)
  fullName!: string;

  @Field(() => String, { nullable: true })
  company?: string | null;

  @Field(() => String)
  line1!: string;

  @Field(() => String, { nullable: true })
  line2?: string | null;

  @Field(() => String)
  city!: string;

  @Field(() => String, { nullable: true })
  region?: string | null;

  @Field(() => String)
  postalCode!: string;

  @Field(() => GraphQLCountryCode)
  country!: string;

  @Field(() => String, { nullable: true })
  phone?: string | null;
}
