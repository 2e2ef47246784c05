import { z } from 'zod';
import { MAX_SLUG_LENGTH, SLUG_PATTERN } from './slug.js';

/** As many as one option table can hold in the larger shops that people export from. */
const MAX_VARIANTS = 2_048;

export interface Problem {
  path: (string | number)[];
  message: string;
}

const text = (max: number) => z.string().trim().min(1, 'must not be empty').max(max, `must have at most ${max} characters`);

export const slugRule = z
  .string()
  .max(MAX_SLUG_LENGTH, `must have at most ${MAX_SLUG_LENGTH} characters`)
  .regex(SLUG_PATTERN, 'must be lower-case words of a-z and 0-9, joined by single hyphens');
export const nameRule = text(255);
export const descriptionRule = z.string().max(50_000, 'must have at most 50000 characters');
export const brandRule = text(100);
export const taxClassRule = z.enum(['STANDARD', 'REDUCED', 'ZERO']);
export const categorySlugsRule = z.array(z.string()).max(20, 'at most 20 categories');
export const attributesRule = z.array(z.object({ name: text(100), value: text(2_000) })).max(250, 'at most 250 attributes');
export const optionsRule = z
  .array(z.object({ name: text(100), values: z.array(text(200)).min(1, 'an option has at least one value').max(MAX_VARIANTS) }))
  .max(10, 'at most 10 options');

/** Up to ten billion of a currency with cents. */
const priceRule = z.object({
  amountMinor: z.int().min(0, 'a price is not negative').max(1_000_000_000_000, 'too high for a price'),
  currency: z.string().length(3),
});
const optionalPriceRule = priceRule.nullish().transform((price) => price ?? null);

const variantRule = z.object({
  sku: text(100),
  name: text(255),
  optionValues: z.array(z.object({ name: text(100), value: text(200) })).max(10),
  price: priceRule,
  compareAtPrice: optionalPriceRule,
  weightGrams: z.int().min(0, 'a weight is not negative').max(10_000_000, 'at most ten tonnes'),
});
export const variantsRule = z
  .array(variantRule)
  .min(1, 'a product has at least one variant')
  .max(MAX_VARIANTS, `at most ${MAX_VARIANTS} variants`);

export const variantPriceRule = z.object({ sku: z.string(), price: priceRule, compareAtPrice: optionalPriceRule });

type VariantInput = z.output<typeof variantRule>;
type OptionInput = z.output<typeof optionsRule>[number];

/** What no field shows alone: SKUs that repeat, mixed currencies, variants that don't fit the options. `options` null: taken from the variants. */
export function variantProblems(options: readonly OptionInput[] | null, variants: readonly VariantInput[]): Problem[] {
  const offered = options ?? optionsOf(variants);
  return [
    ...repeatedSkus(variants),
    ...priceProblems(variants).map(({ path, message }) => ({ path: ['variants', ...path], message })),
    ...optionProblems(offered),
    ...variants.flatMap((variant, index) =>
      choiceProblems(offered, variant).map((message) => ({ path: ['variants', index, 'optionValues'], message })),
    ),
    ...(offered.length > 0 ? repeatedChoices(variants) : []),
  ];
}

/** One currency a product, and a former price above the present one. Paths start at the index of the price. */
export function priceProblems(prices: readonly Pick<VariantInput, 'price' | 'compareAtPrice'>[]): Problem[] {
  const currency = prices[0]?.price.currency;
  return prices.flatMap(({ price, compareAtPrice }, index): Problem[] => {
    if (price.currency !== currency)
      return [{ path: [index, 'price', 'currency'], message: 'all variants of a product have one currency' }];
    if (!compareAtPrice) return [];
    if (compareAtPrice.currency !== currency)
      return [{ path: [index, 'compareAtPrice', 'currency'], message: 'must be the currency of the price' }];
    if (compareAtPrice.amountMinor <= price.amountMinor)
      return [{ path: [index, 'compareAtPrice', 'amountMinor'], message: 'must be above the price' }];
    return [];
  });
}

/** The options that variants choose from, in the order in which they appear. */
export function optionsOf(variants: readonly Pick<VariantInput, 'optionValues'>[]): OptionInput[] {
  const values = new Map<string, Set<string>>();
  for (const { name, value } of variants.flatMap(({ optionValues }) => optionValues))
    values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values].map(([name, chosen]) => ({ name, values: [...chosen] }));
}

function repeatedSkus(variants: readonly VariantInput[]): Problem[] {
  return repetitions(variants.map(({ sku }) => sku)).map((index) => ({
    path: ['variants', index, 'sku'],
    message: `another variant of this product has the SKU ${variants[index]?.sku}`,
  }));
}

function repeatedChoices(variants: readonly VariantInput[]): Problem[] {
  const choices = variants.map(({ optionValues }) =>
    JSON.stringify(optionValues.map(({ name, value }) => JSON.stringify([name, value])).toSorted()),
  );
  return repetitions(choices).map((index) => ({
    path: ['variants', index, 'optionValues'],
    message: 'another variant has the same option values',
  }));
}

function optionProblems(options: readonly OptionInput[]): Problem[] {
  const names = repetitions(options.map(({ name }) => name)).map((index) => ({
    path: ['options', index, 'name'],
    message: 'this option is there twice',
  }));
  const values = options.flatMap((option, index) =>
    repetitions(option.values).map((value) => ({ path: ['options', index, 'values', value], message: 'this value is there twice' })),
  );
  return [...names, ...values];
}

function choiceProblems(options: readonly OptionInput[], { optionValues }: VariantInput): string[] {
  const unknown = optionValues.filter(
    ({ name, value }) => !options.some((option) => option.name === name && option.values.includes(value)),
  );
  const missing = options.filter((option) => optionValues.filter(({ name }) => name === option.name).length !== 1);
  return [
    ...unknown.map(({ name, value }) => `${name}: ${value} is not among the options of the product`),
    ...missing.map(({ name }) => `needs exactly one value of ${name}`),
  ];
}

/** Indexes of entries that an earlier one equals. */
function repetitions(entries: readonly string[]): number[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    if (seen.has(entry)) return [index];
    seen.add(entry);
    return [];
  });
}
