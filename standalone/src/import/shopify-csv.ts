import type { Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import { z } from 'zod';
import { parseDecimal } from '@shop/platform/money';
import { skuOf, slugOf, variantNameOf, type SourceItem, type SourceProduct, type SourceVariant } from './import-source.js';
import { safeHtml } from './safe-html.js';

type Row = Readonly<Record<string, string>>;
interface Line {
  line: number;
  row: Row;
}

const recordSchema = z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) });

/**
 * Reads a Shopify product export, one product at a time: rows with the same Handle belong together, the first one describes the product,
 * each with a price is a variant, each with an Image Src a picture. Column names are Shopify's published ones.
 */
export async function* readShopifyCsv(source: Readable, currency: string): AsyncGenerator<SourceItem> {
  const skipped: SourceItem[] = [];
  const parser = parse({
    bom: true,
    columns: (header: string[]) => header.map((name) => name.trim()),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) =>
      void skipped.push({ kind: 'problem', line: Number(error?.['lines'] ?? 0), message: error?.message ?? 'not readable' }),
  });
  source.on('error', (error) => parser.destroy(error));
  let group: Line[] = [];
  for await (const raw of source.pipe(parser)) {
    const { record, info } = recordSchema.parse(raw);
    const handle = record['Handle']?.trim() ?? '';
    if (group[0] && handle !== group[0].row['Handle']?.trim()) {
      yield* itemsOf(group, currency);
      group = [];
    }
    yield* skipped.splice(0);
    if (handle) group.push({ line: info.lines, row: record });
    else yield { kind: 'problem', line: info.lines, message: 'Handle is missing' };
  }
  yield* itemsOf(group, currency);
  yield* skipped.splice(0);
}

/** The items of one product's rows. A row that cannot be used is a problem of its own; the others still count. */
function itemsOf(lines: readonly Line[], currency: string): SourceItem[] {
  const [first] = lines;
  if (!first) return [];
  const { row, line } = first;
  const slug = slugOf(cell(row, 'Handle'));
  if (!slug) return [{ kind: 'problem', line, message: 'Handle holds no letter or digit' }];
  if (!cell(row, 'Title')) return [{ kind: 'problem', line, message: `Title is missing for ${slug}` }];
  const optionNames = [1, 2, 3].map((n) => cell(row, `Option${n} Name`));
  const read = lines
    .filter(({ row: r }) => cell(r, 'Variant Price') !== '' || cell(r, 'Option1 Value') !== '')
    .map((l) => ({ line: l.line, ...variantOf(l.row, slug, optionNames, currency) }));
  const problems = read.flatMap((r): SourceItem[] => (r.kind === 'problem' ? [{ kind: 'problem', line: r.line, message: r.message }] : []));
  const variants = read.flatMap((r) => (r.kind === 'variant' ? [r.variant] : []));
  if (variants.length === 0)
    return problems.length > 0 ? problems : [{ kind: 'problem', line, message: `${slug} has no variant with a price` }];
  return [...problems, { kind: 'product', line, product: productOf(slug, lines, variants) }];
}

function productOf(slug: string, lines: readonly Line[], variants: SourceVariant[]): SourceProduct {
  const row = lines[0]?.row ?? {};
  const images = lines.flatMap(({ row: r }) =>
    /^https?:\/\//.test(cell(r, 'Image Src')) ? [{ url: cell(r, 'Image Src'), alt: cell(r, 'Image Alt Text') || cell(row, 'Title') }] : [],
  );
  const names = [...new Set(variants.flatMap(({ optionValues }) => optionValues.map(({ name }) => name)))];
  return {
    slug,
    name: cell(row, 'Title'),
    description: safeHtml(cell(row, 'Body (HTML)')),
    brand: cell(row, 'Vendor') || null,
    status: statusOf(row),
    categoryPaths: [categoryPathOf(row)],
    images,
    attributes: cell(row, 'Tags')
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean)
      .map((value) => ({ name: 'Tag', value })),
    options: names.map((name) => ({
      name,
      values: [...new Set(variants.flatMap(({ optionValues }) => optionValues.filter((o) => o.name === name).map((o) => o.value)))],
    })),
    variants,
  };
}

function variantOf(
  row: Row,
  slug: string,
  optionNames: readonly string[],
  currency: string,
): { kind: 'variant'; variant: SourceVariant } | { kind: 'problem'; message: string } {
  const price = parseDecimal(cell(row, 'Variant Price'), currency);
  if (!price || price.amountMinor < 0)
    return { kind: 'problem', message: `Variant Price "${cell(row, 'Variant Price')}" is no price in ${currency}` };
  const compareAt = cell(row, 'Variant Compare At Price');
  const compareAtPrice = compareAt ? parseDecimal(compareAt, currency) : null;
  if (compareAt && !compareAtPrice)
    return { kind: 'problem', message: `Variant Compare At Price "${compareAt}" is no price in ${currency}` };
  const grams = Number(cell(row, 'Variant Grams') || 0);
  if (!Number.isFinite(grams) || grams < 0)
    return { kind: 'problem', message: `Variant Grams "${cell(row, 'Variant Grams')}" is no weight` };
  const quantity = cell(row, 'Variant Inventory Qty');
  if (quantity && !/^-?\d+$/.test(quantity)) return { kind: 'problem', message: `Variant Inventory Qty "${quantity}" is no whole number` };
  const optionValues = optionNames.flatMap((name, i) => {
    const value = cell(row, `Option${i + 1} Value`);
    return name && value && value !== 'Default Title' ? [{ name, value }] : [];
  });
  return {
    kind: 'variant',
    variant: {
      sku: cell(row, 'Variant SKU') || skuOf(slug, optionValues),
      name: variantNameOf(optionValues),
      optionValues,
      price,
      compareAtPrice: compareAtPrice && compareAtPrice.amountMinor > price.amountMinor ? compareAtPrice : null,
      weightGrams: Math.round(grams),
      stock: quantity ? Math.max(0, Number(quantity)) : null,
    },
  };
}

function statusOf(row: Row): SourceProduct['status'] {
  const status = cell(row, 'Status').toLowerCase();
  if (status === 'archived') return 'ARCHIVED';
  if (status === 'draft' || cell(row, 'Published').toLowerCase() === 'false') return 'DRAFT';
  return 'PUBLISHED';
}

/** Shopify's category is a path ("Apparel > Clothing > Tops"); older exports have a free Type instead. At most three levels here. */
function categoryPathOf(row: Row): string[] {
  const path = cell(row, 'Product Category')
    .split('>')
    .map((part) => part.trim())
    .filter(Boolean)
    .slice(0, 3);
  return path.length > 0 ? path : [cell(row, 'Type') || 'Imported'];
}

function cell(row: Row, column: string): string {
  return row[column]?.trim() ?? '';
}
