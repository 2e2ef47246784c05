import { badUserInput } from '@shop/platform/graphql-errors';
import { Scopes } from '@shop/platform/scopes';
import { Arg, Ctx, Directive, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { CatalogContext } from './context.js';
import { importProduct, type ImportOutcome } from './import.js';
import { ProductStatus } from './product.entity.js';
import { NameValueInput, ProductOptionInput, ProductVariantInput } from './product-inputs.js';

@Directive('@inaccessible')
@ObjectType()
export class ImportProductOutcome {
  @Field(() => String)
  slug!: string;

  @Field(() => String, { description: 'CREATED, UPDATED, UNCHANGED or REFUSED.' })
  kind!: Uppercase<ImportOutcome['kind']>;

  @Field(() => String, { nullable: true, description: 'Why it was refused.' })
  reason!: string | null;

  @Field(() => ID, { nullable: true })
  productId!: string | null;

  @Field(() => Int, { nullable: true })
  version!: number | null;
}

@Directive('@inaccessible')
@InputType()
export class ImportImageInput {
  @Field(() => String)
  url!: string;

  @Field(() => String)
  alt!: string;

  @Field(() => Int, { nullable: true })
  width?: number | null;

  @Field(() => Int, { nullable: true })
  height?: number | null;
}

@Directive('@inaccessible')
@InputType()
export class ImportProductInput {
  @Field(() => String)
  slug!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'Plain text.' })
  description!: string;

  @Field(() => String, { nullable: true })
  brand?: string | null;

  @Field(() => ProductStatus, { nullable: true, description: 'PUBLISHED when left out.' })
  status?: ProductStatus | null;

  @Field(() => String, { nullable: true })
  taxClass?: string | null;

  @Field(() => [[String]], { description: 'Names from the root of the tree, at most three each; made where missing.' })
  categoryPaths!: string[][];

  @Field(() => [ImportImageInput], { nullable: true })
  images?: ImportImageInput[] | null;

  @Field(() => [NameValueInput], { nullable: true })
  attributes?: NameValueInput[] | null;

  @Field(() => [ProductOptionInput], { nullable: true, description: 'Left out: taken from the variants.' })
  options?: ProductOptionInput[] | null;

  @Field(() => [ProductVariantInput])
  variants!: ProductVariantInput[];
}

const MAX_IMPORT = 100;

@Resolver()
export class ImportResolver {
  @Directive('@inaccessible')
  @Scopes('catalog:write')
  @Mutation(() => [ImportProductOutcome], { description: 'At most 100 at a time, one outcome each, in their order. Safe to repeat.' })
  async importProducts(
    @Arg('products', () => [ImportProductInput]) products: ImportProductInput[],
    @Ctx() context: CatalogContext,
  ): Promise<ImportProductOutcome[]> {
    if (products.length > MAX_IMPORT) throw badUserInput(`At most ${MAX_IMPORT} products at a time.`);
    const outcomes: ImportProductOutcome[] = [];
    for (const product of products) outcomes.push(answerOf(await importProduct(context, product)));
    return outcomes;
  }
}

function answerOf(outcome: ImportOutcome): ImportProductOutcome {
  const nothing = { reason: null, productId: null, version: null };
  return Object.assign(new ImportProductOutcome(), nothing, outcome, { kind: outcome.kind.toUpperCase() });
}
