import { Scopes } from '@shop/platform/scopes';
import {
  conflictError,
  ConflictError,
  notFoundError,
  NotFoundError,
  resolveUnionType,
  userError,
  UserError,
  validationError,
  ValidationError,
} from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { Arg, createUnionType, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { CatalogContext } from './context.js';
import { Product, type ProductStatus } from './product.entity.js';
import { CreateProductInput, SetPricesInput, UpdateProductInput } from './product-inputs.js';
import type { Problem } from './product-rules.js';
import { createProduct, setPrices, setStatus, updateProduct, type Expected, type WriteResult } from './product-writing.js';
import { createRule, setPricesRule, updateRule } from './write-rules.js';

@ObjectType()
export class ProductPayload {
  @Field(() => Product)
  product!: Product;
}

@ObjectType({ implements: UserError })
export class SlugTakenError extends UserError {}

const CreateProductResult = createUnionType({
  name: 'CreateProductResult',
  types: () => [ProductPayload, SlugTakenError, ValidationError] as const,
  resolveType: resolveUnionType,
});

const UpdateProductResult = createUnionType({
  name: 'UpdateProductResult',
  types: () => [ProductPayload, NotFoundError, ConflictError, ValidationError] as const,
  resolveType: resolveUnionType,
});

type CreateAnswer = ProductPayload | SlugTakenError | ValidationError;
type UpdateAnswer = ProductPayload | NotFoundError | ConflictError | ValidationError;

@Resolver()
export class ProductWritingResolver {
  @Scopes('catalog:write')
  @Mutation(() => CreateProductResult, { description: 'Makes a draft.' })
  async createProduct(
    @Arg('input', () => CreateProductInput) input: CreateProductInput,
    @Ctx() context: CatalogContext,
  ): Promise<CreateAnswer> {
    const checked = validate(createRule, input);
    return checked.kind === 'invalid' ? checked.error : createAnswer(await createProduct(context, checked.value));
  }

  @Scopes('catalog:write')
  @Mutation(() => UpdateProductResult)
  async updateProduct(
    @Arg('input', () => UpdateProductInput) input: UpdateProductInput,
    @Ctx() context: CatalogContext,
  ): Promise<UpdateAnswer> {
    const checked = validate(updateRule, input);
    return checked.kind === 'invalid' ? checked.error : updateAnswer(await updateProduct(context, input, checked.value));
  }

  @Scopes('catalog:write')
  @Mutation(() => UpdateProductResult)
  async setPrices(@Arg('input', () => SetPricesInput) input: SetPricesInput, @Ctx() context: CatalogContext): Promise<UpdateAnswer> {
    const checked = validate(setPricesRule, input);
    if (checked.kind === 'invalid') return checked.error;
    const expected: Expected = { id: input.productId, expectedVersion: input.expectedVersion };
    return updateAnswer(await setPrices(context, expected, checked.value));
  }

  @Scopes('catalog:write')
  @Mutation(() => UpdateProductResult)
  publishProduct(
    @Arg('id', () => ID) id: string,
    @Arg('expectedVersion', () => Int) expectedVersion: number,
    @Ctx() context: CatalogContext,
  ): Promise<UpdateAnswer> {
    return become('PUBLISHED', { id, expectedVersion }, context);
  }

  @Scopes('catalog:write')
  @Mutation(() => UpdateProductResult, { description: 'Takes a product out of the shop; orders keep what was bought.' })
  archiveProduct(
    @Arg('id', () => ID) id: string,
    @Arg('expectedVersion', () => Int) expectedVersion: number,
    @Ctx() context: CatalogContext,
  ): Promise<UpdateAnswer> {
    return become('ARCHIVED', { id, expectedVersion }, context);
  }
}

async function become(status: ProductStatus, expected: Expected, context: CatalogContext): Promise<UpdateAnswer> {
  return updateAnswer(await setStatus(context, expected, status));
}

function createAnswer(result: WriteResult): CreateAnswer {
  switch (result.kind) {
    case 'written':
      return userError(ProductPayload, { product: result.product });
    case 'slug-taken':
      return userError(SlugTakenError, { code: 'SLUG_TAKEN', message: `Another product has the slug ${result.slug}.` });
    case 'invalid':
      return invalid(result.problems);
    case 'not-found':
    case 'conflict':
      throw new Error(`A new product met ${result.kind}.`);
    default:
      return result satisfies never;
  }
}

function updateAnswer(result: WriteResult): UpdateAnswer {
  switch (result.kind) {
    case 'written':
      return userError(ProductPayload, { product: result.product });
    case 'not-found':
      return notFoundError('Product');
    case 'conflict':
      return conflictError('The product', result.currentVersion);
    case 'invalid':
      return invalid(result.problems);
    case 'slug-taken':
      throw new Error('An update met another product’s slug although slugs never change.');
    default:
      return result satisfies never;
  }
}

function invalid(problems: readonly Problem[]): ValidationError {
  return validationError(problems.map(({ path, message }) => ({ path: path.map(String), message })));
}
