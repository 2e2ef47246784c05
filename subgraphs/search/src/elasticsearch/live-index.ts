import type { estypes } from '@elastic/elasticsearch';
import { pause } from '@shop/platform/lifecycle';
import { z } from 'zod';
import { statusOf, type Engine } from './engine.js';
import { DEFINITION, productIndexDefinition, stockIndexDefinition } from './index-definition.js';

export interface IndexNames {
  /** What products are read and written by: an alias of the live index. */
  products: string;
  stock: string;
}

export interface LiveIndex {
  /** The index that the alias names now. */
  name: string;
  /** Whether it was filled to the end once. */
  isComplete: boolean;
  /** Whether it was made as this code would make it. */
  isCurrent: boolean;
  /** When everything was last copied into it, in milliseconds since 1970. */
  copiedAtMs: number | null;
}

const meta = z.object({ definition: z.string(), complete: z.boolean(), copied_at: z.number(), beat: z.number() }).partial();
const described = z.record(z.string(), z.object({ mappings: z.object({ _meta: meta.default({}) }) }));

/** The live index, made with its alias in one step when there is none: of several processes that start together one makes it. */
export async function ensureLiveIndex(engine: Engine, names: IndexNames, replicas: number): Promise<LiveIndex> {
  const known = await readLiveIndex(engine, names);
  if (known) return known;
  await createUnlessThere(engine, names.stock, stockIndexDefinition(replicas));
  await createUnlessThere(engine, numbered(names, 1), { ...productIndexDefinition(replicas), aliases: { [names.products]: {} } });
  const made = await readLiveIndex(engine, names);
  if (!made) throw new Error(`The index ${numbered(names, 1)} is there without the alias ${names.products}.`);
  return made;
}

async function readLiveIndex(engine: Engine, { products }: IndexNames): Promise<LiveIndex | null> {
  const answer = await engine.client.indices.getMapping({ index: products }, engine.forWrite()).catch((error: unknown) => {
    if (statusOf(error) === 404) return {};
    throw error;
  });
  const [entry] = Object.entries(described.parse(answer));
  if (!entry) return null;
  const [name, { mappings }] = entry;
  const { complete, definition, copied_at } = mappings._meta;
  return { name, isComplete: complete ?? false, isCurrent: definition === DEFINITION, copiedAtMs: copied_at ?? null };
}

/** Everything that there is has been copied into the index. */
export function markComplete(engine: Engine, index: string): Promise<void> {
  return writeMeta(engine, index, { definition: DEFINITION, complete: true, copied_at: Date.now() });
}

/** A sign of life of whoever is filling a new index. */
export function writeBeat(engine: Engine, index: string): Promise<void> {
  return writeMeta(engine, index, { definition: DEFINITION, complete: false, beat: Date.now() });
}

export async function readBeat(engine: Engine, index: string): Promise<number | null> {
  const answer = described.parse(await engine.client.indices.getMapping({ index }, engine.forWrite()));
  return answer[index]?.mappings._meta.beat ?? null;
}

async function writeMeta(engine: Engine, index: string, _meta: z.input<typeof meta>): Promise<void> {
  await engine.client.indices.putMapping({ index, _meta }, engine.forWrite());
}

export function numbered({ products }: IndexNames, number: number): string {
  return `${products}-${number}`;
}

export function numberOf({ products }: IndexNames, index: string): number {
  return Number(index.slice(products.length + 1)) || 0;
}

/** False when it was there before. */
export async function createUnlessThere(
  engine: Engine,
  index: string,
  definition: Omit<estypes.IndicesCreateRequest, 'index'>,
): Promise<boolean> {
  try {
    await engine.client.indices.create({ index, ...definition }, engine.forWrite());
    return true;
  } catch (error) {
    if (statusOf(error) !== 400 || !String(error).includes('resource_already_exists')) throw error;
    return false;
  }
}

const BLOCKED_AT_MOST_MS = 8_000;
const ASK_AGAIN_MS = 50;

/**
 * Repeats a write that meets an index which takes none: a rebuild is about to put another index in its place. Throws what the write throws
 * when that takes longer than 8 s.
 */
export async function whileSwitching<T>(write: () => Promise<T>): Promise<T> {
  const end = performance.now() + BLOCKED_AT_MOST_MS;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof WritesBlocked) || performance.now() > end) throw error;
      await pause(ASK_AGAIN_MS, NEVER);
    }
  }
}

const NEVER = new AbortController().signal;

/** The index takes no writes at the moment. */
export class WritesBlocked extends Error {
  override readonly name = 'WritesBlocked';
}
