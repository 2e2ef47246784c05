import { GraphQLURL } from 'graphql-scalars';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { CatalogContext } from './context.js';
import { MediaAsset } from './product.entity.js';

@Resolver(() => MediaAsset)
export class MediaResolver {
  /** Pictures that the shop serves itself are kept as paths: its address may change. */
  @FieldResolver(() => GraphQLURL)
  url(@Root() { url }: MediaAsset, @Ctx() { mediaBaseUrl }: CatalogContext): string {
    return new URL(url, mediaBaseUrl).href;
  }
}
