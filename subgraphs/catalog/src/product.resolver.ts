import { badUserInput } from '@shop/platform/graphql-errors';
import { Money, PageInfo } from '@shop/platform/value-types';
import { Arg, Ctx, Directive, Field, FieldResolver, ID, InputType, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { CatalogContext } from './context.js';
import { Category } from './category.entity.js';
import { Product, ProductStatus } from './product.entity.js';
import { listProducts, ProductSort, type ProductList } from './product-list.js';
import { visibleProduct } from './product-reading.js';
import { priceRange, readsAllProducts } from './product.js';
import { ProductVariant, variantsOf } from './variant.js';

@ObjectType()
export class PriceRange {
  @Field(() => Money)
  min!: { amountMinor: number; currency: string };

  @Field(() => Money)
  max!: { amountMinor: number; currency: string };
}

@ObjectType()
export class ProductEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => Product)
  node!: Product;
}

@ObjectType()
export class ProductConnection {
  @Field(() => [ProductEdge])
  edges!: ProductEdge[];

  @Field(() => [Product])
  nodes!: Product[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@InputType()
export class ProductFilter {
  @Field(() => String, { nullable: true, description: 'This category and all below it.' })
  categorySlug?: string | null;

  @Field(() => String, { nullable: true })
  brand?: string | null;

  @Field(() => ProductStatus, { nullable: true })
  status?: ProductStatus | null;

  @Field(() => Date, { nullable: true })
  updatedAfter?: Date | null;
}

/** More SKUs than a cart has lines. */
const MAX_SKUS = 200;

@Resolver(() => Product)
export class ProductResolver {
  @Directive('@cacheControl(maxAge: 60)')
  @Query(() => Product, { nullable: true, description: 'By exactly one of id and slug.' })
  product(
    @Arg('id', () => ID, { nullable: true }) id: string | null,
    @Arg('slug', () => String, { nullable: true }) slug: string | null,
    @Ctx() context: CatalogContext,
  ): Promise<Product | null> {
    if ((id == null) === (slug == null)) throw badUserInput('Give exactly one of id and slug.');
    return visibleProduct({ id, slug }, context);
  }

  @Directive('@cacheControl(maxAge: 60)')
  @Query(() => ProductConnection)
  async products(
    @Arg('filter', () => ProductFilter, { nullable: true }) filter: ProductFilter | null,
    @Arg('sort', () => ProductSort, { nullable: true, defaultValue: ProductSort.NEWEST }) sort: ProductSort | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: CatalogContext,
  ): Promise<ProductList> {
    const { categorySlug, brand, status, updatedAfter } = filter ?? {};
    const tree = categorySlug == null ? null : await context.categories.tree();
    const category = categorySlug == null ? null : tree?.bySlug(categorySlug);
    const all = readsAllProducts(context.viewer);
    const hidden = !all && status != null && status !== 'PUBLISHED';
    const categoryIds = hidden ? [] : tree ? (category ? tree.idsWithin(category) : []) : undefined;
    const criteria = { categoryIds, brand, status: all ? status : ProductStatus.PUBLISHED, updatedAfter };
    return listProducts(context.products, criteria, sort ?? 'NEWEST', first, after);
  }

  @Directive('@inaccessible')
  @Query(() => [ProductVariant], { description: 'What can be sold of these, at most 200: published products only, others are left out.' })
  async variantsBySku(@Arg('skus', () => [String]) skus: string[], @Ctx() { products }: CatalogContext): Promise<ProductVariant[]> {
    if (skus.length > MAX_SKUS) throw badUserInput(`At most ${MAX_SKUS} SKUs at a time.`);
    const wanted = new Set(skus);
    const found = await products.find({ skus });
    return found
      .filter(({ status }) => status === 'PUBLISHED')
      .flatMap(variantsOf)
      .filter(({ sku }) => wanted.has(sku));
  }

  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [Category])
  async categories(@Root() { categoryIds }: Product, @Ctx() { categories }: CatalogContext): Promise<Category[]> {
    const tree = await categories.tree();
    return categoryIds.flatMap((id) => tree.byId(id) ?? []);
  }

  @Directive('@listSize(assumedSize: 4)')
  @FieldResolver(() => [ProductVariant])
  variants(@Root() product: Product): ProductVariant[] {
    return variantsOf(product);
  }

  @FieldResolver(() => PriceRange, { description: 'Lowest and highest current price over the variants.' })
  priceRange(@Root() product: Product): PriceRange {
    return priceRange(product.variantRecords);
  }
}

@Resolver(() => ProductConnection)
export class ProductConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() list: ProductList): Promise<number> {
    return list.count();
  }
}
