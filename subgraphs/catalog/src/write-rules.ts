import { z } from 'zod';
import { MAX_CATEGORY_DEPTH } from './category-tree.js';
import {
  attributesRule,
  brandRule,
  categorySlugsRule,
  descriptionRule,
  nameRule,
  optionsRule,
  slugRule,
  taxClassRule,
  variantPriceRule,
  variantProblems,
  variantsRule,
  type Problem,
} from './product-rules.js';

const imagesRule = z
  .array(
    z.object({
      url: z.coerce.string().pipe(z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
      alt: z.string().trim().max(500),
      width: z.int().positive().nullish().transform(orNull),
      height: z.int().positive().nullish().transform(orNull),
    }),
  )
  .max(250, 'at most 250 images');

const facts = {
  slug: slugRule,
  name: nameRule,
  description: descriptionRule,
  brand: brandRule.nullish().transform(orNull),
  taxClass: taxClassRule.nullish().transform((taxClass) => taxClass ?? 'STANDARD'),
  attributes: attributesRule.nullish().transform(orEmpty),
  images: imagesRule.nullish().transform(orEmpty),
  options: optionsRule.nullish().transform(orNull),
  variants: variantsRule,
};

/** A new product; `options` null: they follow from the variants. */
export const createRule = z
  .object({ ...facts, categorySlugs: categorySlugsRule })
  .superRefine(({ options, variants }, context) => addAll(context, variantProblems(options, variants)));

/** Left out or null: stays as it is, but for `brand`, which null takes away. */
export const updateRule = z.object({
  name: nameRule.nullish(),
  description: descriptionRule.nullish(),
  brand: brandRule.nullish(),
  taxClass: taxClassRule.nullish(),
  categorySlugs: categorySlugsRule.nullish(),
  attributes: attributesRule.nullish(),
  images: imagesRule.nullish(),
});

export const setPricesRule = z.object({ prices: z.array(variantPriceRule).min(1, 'at least one price').max(2_048) });

/** A whole product from elsewhere, its categories named by their paths from the root. */
export const importRule = z
  .object({
    ...facts,
    status: z
      .enum(['DRAFT', 'PUBLISHED', 'ARCHIVED'])
      .nullish()
      .transform((status) => status ?? 'PUBLISHED'),
    categoryPaths: z.array(z.array(nameRule).min(1).max(MAX_CATEGORY_DEPTH, `a path has at most ${MAX_CATEGORY_DEPTH} names`)).max(20),
  })
  .superRefine(({ options, variants }, context) => addAll(context, variantProblems(options, variants)));

export type NewProduct = z.output<typeof createRule>;
export type ProductUpdate = z.output<typeof updateRule>;
export type PriceUpdate = z.output<typeof setPricesRule>;
export type ImportedProduct = z.output<typeof importRule>;

function addAll(
  context: { addIssue(issue: { code: 'custom'; path: Problem['path']; message: string }): void },
  problems: readonly Problem[],
): void {
  for (const problem of problems) context.addIssue({ code: 'custom', ...problem });
}

function orNull<T>(value: T | null | undefined): T | null {
  return value ?? null;
}

function orEmpty<T>(values: T[] | null | undefined): T[] {
  return values ?? [];
}
