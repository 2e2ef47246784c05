import { priceProblems, type Problem } from './product-rules.js';
import type { ProductContent } from './product.js';
import type { PriceUpdate } from './write-rules.js';

/** A content with new prices of some of its variants, or why these prices cannot be. A former price that is left out is taken away. */
export function priceChange(
  content: ProductContent,
  prices: PriceUpdate['prices'],
): { kind: 'changed'; content: ProductContent } | { kind: 'invalid'; problems: Problem[] } {
  const problems = prices.flatMap(({ sku }, index): Problem[] => {
    if (!content.variants.some((variant) => variant.sku === sku))
      return [{ path: ['prices', index, 'sku'], message: `this product has no variant ${sku}` }];
    if (prices.findIndex((other) => other.sku === sku) < index)
      return [{ path: ['prices', index, 'sku'], message: `${sku} is there twice` }];
    return [];
  });
  if (problems.length > 0) return { kind: 'invalid', problems };

  const news = new Map(prices.map(({ sku, ...price }) => [sku, price]));
  const variants = content.variants.map((variant) => ({ ...variant, ...news.get(variant.sku) }));
  const faults = priceProblems(variants).map(({ path: [index, ...rest], message }): Problem => {
    const sku = variants[Number(index)]?.sku;
    const place = prices.findIndex((price) => price.sku === sku);
    return { path: place < 0 ? ['prices'] : ['prices', place, ...rest], message };
  });
  return faults.length > 0 ? { kind: 'invalid', problems: faults } : { kind: 'changed', content: { ...content, variants } };
}
