import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { parseDecimal } from '@shop/platform/money';
import type { FieldProblem } from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { skuOf, variantNameOf, type SourceItem } from './import-source.js';
import { safeHtml } from './safe-html.js';

const nameAndValue = z.object({ name: z.string().min(1), value: z.string().min(1) });

/** One product a line. Prices are decimal texts in the currency of the import, e.g. "12.34". */
function productSchema(currency: string) {
  const price = z.string().transform((text, context) => {
    const parsed = parseDecimal(text, currency);
    if (parsed && parsed.amountMinor >= 0) return parsed;
    context.addIssue({ code: 'custom', message: `"${text}" is no price in ${currency}` });
    return z.NEVER;
  });
  return z
    .strictObject({
      slug: z.string().min(1),
      name: z.string().min(1),
      description: z.string().default('').transform(safeHtml),
      brand: z.string().nullable().default(null),
      status: z.enum(['PUBLISHED', 'DRAFT', 'ARCHIVED']).default('PUBLISHED'),
      categories: z.array(z.array(z.string().min(1)).min(1).max(3)).default([['Imported']]),
      images: z.array(z.object({ url: z.url({ protocol: /^https?$/ }), alt: z.string().default('') })).default([]),
      attributes: z.array(nameAndValue).default([]),
      variants: z
        .array(
          z.strictObject({
            sku: z.string().min(1).optional(),
            name: z.string().min(1).optional(),
            options: z.array(nameAndValue).default([]),
            price,
            compareAtPrice: price.nullable().default(null),
            weightGrams: z.int().min(0).default(0),
            stock: z.int().min(0).nullable().default(null),
          }),
        )
        .min(1),
    })
    .transform(({ categories, variants, ...product }) => ({
      ...product,
      categoryPaths: categories,
      options: [
        ...Map.groupBy(
          variants.flatMap(({ options }) => options),
          ({ name }) => name,
        ),
      ].map(([name, values]) => ({ name, values: [...new Set(values.map(({ value }) => value))] })),
      variants: variants.map(({ sku, name, options, ...variant }) => ({
        ...variant,
        sku: sku ?? skuOf(product.slug, options),
        name: name ?? variantNameOf(options),
        optionValues: options,
      })),
    }));
}

/** Reads newline-delimited JSON, one product a line; a line that cannot be used is a problem and the rest goes on. */
export async function* readNdjson(source: Readable, currency: string): AsyncGenerator<SourceItem> {
  const schema = productSchema(currency);
  let line = 0;
  for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '') continue;
    const value = parseJson(text);
    if (value === undefined) {
      yield { kind: 'problem', line, message: 'is no JSON' };
      continue;
    }
    const checked = validate(schema, value);
    if (checked.kind === 'valid') yield { kind: 'product', line, product: checked.value };
    else yield { kind: 'problem', line, message: checked.error.fields.map(told).join('; ') };
  }
}

/** undefined, which JSON has no word for, when the text is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function told({ path, message }: FieldProblem): string {
  return `${path.join('.') || 'line'}: ${message}`;
}
