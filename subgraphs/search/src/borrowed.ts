import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Catalog's product, by its key: whether it can still be seen is decided there. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Product')
export class SearchProduct {
  @Field(() => ID)
  id!: string;
}
