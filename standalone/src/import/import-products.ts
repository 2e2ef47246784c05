import { print } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ImportProductsDocument } from '@shop/generated/catalog/graphql';
import { SetStockDocument } from '@shop/generated/inventory/graphql';
import type { RequestContext } from '@shop/platform/request-context';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import type { SourceItem, SourceProduct } from './import-source.js';

export interface ImportReport {
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
}

/** What is told while an import runs: where it stands, each row that could not be used and why, and the sums at the end. */
export type ImportNews =
  | { kind: 'progress'; line: number }
  | { kind: 'problem'; line: number; message: string }
  | ({ kind: 'done' } & ImportReport);

export interface ImportTargets {
  catalog: SubgraphTransport;
  inventory: SubgraphTransport;
  warehouseCode: string;
  /** Names this file's content: the same reference sets the stock of a SKU once, so a repeated import does not bring sold goods back. */
  reference: string;
}

const BATCH = 25;

/** Imports item by item, in batches; a product that is refused is a problem and the rest goes on. Stops between batches at `context.signal`. */
export async function* importProducts(
  items: AsyncIterable<SourceItem>,
  targets: ImportTargets,
  context: RequestContext,
): AsyncGenerator<ImportNews> {
  const report: ImportReport = { created: 0, updated: 0, unchanged: 0, failed: 0 };
  let batch: { line: number; product: SourceProduct }[] = [];
  const flush = async function* (): AsyncGenerator<ImportNews> {
    const lines = batch;
    batch = [];
    if (lines.length === 0) return;
    const news = await importBatch(lines, targets, context, report);
    yield* news;
    yield { kind: 'progress', line: lines.at(-1)?.line ?? 0 };
  };
  for await (const item of items) {
    context.signal.throwIfAborted();
    if (item.kind === 'problem') {
      report.failed++;
      yield item;
      continue;
    }
    batch.push(item);
    if (batch.length >= BATCH) yield* flush();
  }
  yield* flush();
  yield { kind: 'done', ...report };
}

async function importBatch(
  lines: readonly { line: number; product: SourceProduct }[],
  targets: ImportTargets,
  context: RequestContext,
  report: ImportReport,
): Promise<ImportNews[]> {
  const products = lines.map(({ product: { variants, ...product } }) => ({
    ...product,
    variants: variants.map(({ stock: _stock, ...variant }) => variant),
  }));
  const { importProducts: outcomes } = await call(targets.catalog, ImportProductsDocument, { products }, context);
  const accepted = lines.filter((_, i) => outcomes[i]?.kind !== 'REFUSED').flatMap(({ product }) => product.variants);
  const levels = accepted.flatMap(({ sku, stock }) =>
    stock === null ? [] : [{ sku, warehouseCode: targets.warehouseCode, onHand: stock, reference: targets.reference }],
  );
  for (let at = 0; at < levels.length; at += 1_000)
    await call(targets.inventory, SetStockDocument, { levels: levels.slice(at, at + 1_000) }, context);
  return outcomes.flatMap((outcome, i): ImportNews[] => {
    if (outcome.kind === 'CREATED') report.created++;
    else if (outcome.kind === 'UPDATED') report.updated++;
    else if (outcome.kind === 'UNCHANGED') report.unchanged++;
    else {
      report.failed++;
      return [{ kind: 'problem', line: lines[i]?.line ?? 0, message: `${outcome.slug}: ${outcome.reason ?? 'refused'}` }];
    }
    return [];
  });
}

async function call<R, V extends Record<string, unknown>>(
  transport: SubgraphTransport,
  document: TypedDocumentNode<R, V>,
  variables: V,
  context: RequestContext,
): Promise<R> {
  const { signal, ...claims } = context;
  const { data, errors } = await transport.execute(
    { query: print(document), variables },
    { ...claims, deadlineAtMs: Date.now() + 30_000 },
    signal,
  );
  if (!data || errors?.length) throw new Error(errors?.map(({ message }) => message).join('; ') ?? 'no answer');
  return data as R;
}
