import { createHash } from 'node:crypto';
import { productChanged } from '@shop/events/catalog';
import type { EventBus } from '@shop/platform/event-bus';
import type { EventEnvelope } from '@shop/platform/event';
import { failpoint } from '@shop/platform/failpoint';
import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import type { Categories } from './category.store.js';
import type { CategoryTree } from './category-tree.js';
import type { Product } from './product.entity.js';
import type { ProductStore } from './product.store.js';

export interface ProductRelayOptions {
  products: ProductStore;
  bus: EventBus;
  logger: Logger;
  categories: Categories;
}

const BATCH = 64;

/**
 * Sends product-changed for every product whose newest version was not sent, then moves its mark up to the version that was. A product
 * that changes meanwhile stays due. What could not be sent stays due as well, and holds up nothing else.
 */
export function startProductRelay({ products, bus, logger, categories }: ProductRelayOptions): Poller {
  const send = async (product: Product, tree: CategoryTree): Promise<number> => {
    try {
      failpoint('relay-before-publish');
      await bus.publish(productChangedEvent(product, tree));
      failpoint('relay-after-publish');
      await products.markPublished(product);
      return 1;
    } catch (err) {
      logger.warn({ err, aggregateId: product._id, version: product.version }, 'the product stays due');
      return 0;
    }
  };
  return startPoller({
    name: 'product relay',
    everyMs: 500,
    logger,
    work: async () => {
      if (!bus.isOpen) return 0;
      const due = await products.due(BATCH);
      if (due.length === 0) return 0;
      const tree = await categories.freshTree();
      const sent = await Promise.all(due.map((product) => send(product, tree)));
      return sent.reduce((sum, one) => sum + one, 0);
    },
  });
}

/** The same version always makes the same event, id included: sent again after a crash, it is known to its consumers. */
export function productChangedEvent(product: Product, tree: CategoryTree): EventEnvelope {
  const { _id: productId, version, status, slug, name, description, brand, attributes, options } = product;
  const step = ({ slug, name }: { slug: string; name: string }) => ({ slug, name });
  return {
    id: eventIdOf(productId, version),
    type: productChanged.type,
    aggregateId: productId,
    aggregateVersion: version,
    occurredAt: product.updatedAt.toISOString(),
    traceparent: null,
    causationId: null,
    data: productChanged.data.parse({
      productId,
      version,
      status,
      slug,
      name,
      description,
      brand,
      attributes,
      options,
      categories: product.categoryIds
        .flatMap((id) => tree.byId(id) ?? [])
        .map((category) => ({ ...step(category), path: tree.pathTo(category).map(step) })),
      variants: product.variantRecords.map(({ id: variantId, ...variant }) => ({ variantId, ...variant })),
      createdAt: product.createdAt.toISOString(),
      updatedAt: product.updatedAt.toISOString(),
    }),
  };
}

/** A UUID of version 8 (RFC 9562 section 5.8), whose bits the maker may choose. */
function eventIdOf(productId: string, version: number): string {
  const hex = createHash('sha256').update(`${productId} ${version}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
