import { viewerUserId } from '@shop/platform/viewer';
import { Ctx, Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { cartNode, CartNode } from './cart-types.js';
import type { CartContext } from './context.js';

/** Users' person, to whom this subgraph adds the cart. */
@Directive('@key(fields: "id")')
@ObjectType('User')
export class CartUser {
  @Field(() => ID)
  id!: string;
}

@Resolver(() => CartUser)
export class UserCartResolver {
  @FieldResolver(() => CartNode, { nullable: true, description: 'Only for the person themselves; null while there is none.' })
  async cart(@Root() { id }: CartUser, @Ctx() { carts, viewer }: CartContext): Promise<CartNode | null> {
    if (viewerUserId(viewer) !== id) return null;
    const cart = await carts.findByCustomer(id);
    return cart && cartNode(cart);
  }
}
