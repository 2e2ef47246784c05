import type { ReferenceResolver } from '@shop/platform/reference';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Category } from './category.entity.js';
import type { CatalogContext } from './context.js';
import { listProducts, type ProductList } from './product-list.js';
import { ProductConnection } from './product.resolver.js';
import { ProductStatus } from './product.entity.js';
import { readsAllProducts } from './product.js';

@Resolver(() => Category)
export class CategoryResolver {
  @Directive('@cacheControl(maxAge: 300)')
  @Query(() => [Category], { description: 'The top level of the tree.' })
  async categories(@Ctx() { categories }: CatalogContext): Promise<readonly Category[]> {
    return (await categories.tree()).roots;
  }

  @Directive('@cacheControl(maxAge: 300)')
  @Query(() => Category, { nullable: true })
  async category(@Arg('slug', () => String) slug: string, @Ctx() { categories }: CatalogContext): Promise<Category | null> {
    return (await categories.tree()).bySlug(slug);
  }

  @FieldResolver(() => Category, { nullable: true })
  async parent(@Root() category: Category, @Ctx() { categories }: CatalogContext): Promise<Category | null> {
    return (await categories.tree()).parentOf(category);
  }

  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [Category])
  async children(@Root() category: Category, @Ctx() { categories }: CatalogContext): Promise<readonly Category[]> {
    return (await categories.tree()).childrenOf(category);
  }

  @Directive('@cacheControl(maxAge: 60)')
  @FieldResolver(() => ProductConnection, { description: 'Products of this category and of all below it, newest first.' })
  async products(
    @Root() category: Category,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { products, viewer, categories }: CatalogContext,
  ): Promise<ProductList> {
    const categoryIds = (await categories.tree()).idsWithin(category);
    const status = readsAllProducts(viewer) ? null : ProductStatus.PUBLISHED;
    return listProducts(products, { categoryIds, status }, 'NEWEST', first, after);
  }
}

/** From the tree in memory: no statement. */
export const categoryReference: ReferenceResolver<{ id?: string; slug?: string }, CatalogContext> = async (
  { id, slug },
  { categories },
) => {
  const tree = await categories.tree();
  return id != null ? tree.byId(id) : tree.bySlug(slug ?? '');
};
