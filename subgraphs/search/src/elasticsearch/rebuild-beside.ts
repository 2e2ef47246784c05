import { z } from 'zod';
import { bulkWrite, type WriteAction } from './bulk-write.js';
import type { Engine } from './engine.js';
import { createUnlessThere, markComplete, numbered, numberOf, readBeat, writeBeat, type IndexNames, type LiveIndex } from './live-index.js';
import { productIndexDefinition } from './index-definition.js';

/** A rebuild without a sign of life for so long is taken for dead. */
const DEAD_AFTER_MS = 60_000;
const BEAT_EVERY_MS = 10_000;
const DOCUMENTS_AT_ONCE = 500;

/** Another process is rebuilding. */
export class RebuildRunning extends Error {
  override readonly name = 'RebuildRunning';
}

export interface RebuildBeside {
  engine: Engine;
  names: IndexNames;
  replicas: number;
  live: LiveIndex;
  /** Fills the index of that name from the source of truth. */
  copyInto(index: string): Promise<void>;
}

/**
 * Builds a new index beside the live one and puts it in its place. Searches and writes go on meanwhile; at the end writers wait for as long
 * as it takes to carry over what the live index took in since the beginning, each document under the version that it has there. Throws, and
 * leaves the live index as it is, when anything fails. Throws RebuildRunning when another process is at it.
 */
export async function rebuildBeside({ engine, names, replicas, live, copyInto }: RebuildBeside): Promise<void> {
  const next = numbered(names, numberOf(names, live.name) + 1);
  await claim(engine, next, replicas);
  try {
    // Left by a rebuild that was killed at its end.
    await blockWrites(engine, live.name, false);
    const before = await newestChange(engine, live.name);
    await whileBeating(engine, next, () => copyInto(next));
    await blockWrites(engine, live.name, true);
    await carryOver(engine, live.name, next, before);
    await markComplete(engine, next);
    await switchAlias(engine, names, live.name, next);
  } catch (error) {
    await blockWrites(engine, live.name, false).catch(() => undefined);
    await engine.client.indices.delete({ index: next }, engine.forWrite()).catch(() => undefined);
    throw error;
  }
  await engine.client.indices.delete({ index: live.name }, engine.forWrite());
}

async function claim(engine: Engine, index: string, replicas: number): Promise<void> {
  const definition = productIndexDefinition(replicas);
  if (await createUnlessThere(engine, index, definition)) return writeBeat(engine, index);
  const beat = await readBeat(engine, index);
  if (beat !== null && Date.now() - beat < DEAD_AFTER_MS) throw new RebuildRunning(`${index} is being built.`);
  await engine.client.indices.delete({ index }, engine.forWrite());
  if (!(await createUnlessThere(engine, index, definition))) throw new RebuildRunning(`${index} is being built.`);
  await writeBeat(engine, index);
}

async function whileBeating(engine: Engine, index: string, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void writeBeat(engine, index).catch(() => undefined), BEAT_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** Resolves when no write is under way any more. */
async function blockWrites(engine: Engine, index: string, isBlocked: boolean): Promise<void> {
  if (isBlocked) await engine.client.indices.addBlock({ index, block: 'write' }, engine.forWrite());
  else await engine.client.indices.putSettings({ index, settings: { 'index.blocks.write': null } }, engine.forWrite());
}

const stats = z.object({
  indices: z.record(
    z.string(),
    z.object({ shards: z.record(z.string(), z.array(z.object({ seq_no: z.object({ max_seq_no: z.number() }) }))) }),
  ),
});

/** The number of the newest change of an index of one shard; -1 of an empty one. */
async function newestChange(engine: Engine, index: string): Promise<number> {
  const answer = stats.parse(await engine.client.indices.stats({ index, level: 'shards' }, engine.forWrite()));
  const copies = Object.values(answer.indices[index]?.shards ?? {}).flat();
  return Math.max(-1, ...copies.map(({ seq_no }) => seq_no.max_seq_no));
}

const changed = z.object({
  hits: z.object({
    hits: z.array(z.object({ _id: z.string(), _version: z.number(), _source: z.looseObject({}), sort: z.tuple([z.number()]) })),
  }),
});

async function carryOver(engine: Engine, from: string, to: string, after: number): Promise<void> {
  await engine.client.indices.refresh({ index: from }, engine.forWrite());
  for (let last = after; ;) {
    const query = { range: { _seq_no: { gt: last } } };
    const request = {
      index: from,
      query,
      size: DOCUMENTS_AT_ONCE,
      sort: [{ _seq_no: 'asc' as const }],
      version: true,
      track_total_hits: false,
    };
    const { hits } = changed.parse(await engine.client.search(request, engine.forWrite())).hits;
    if (hits.length === 0) return;
    const actions = hits.map(({ _id, _version, _source }): WriteAction => ({ kind: 'put', id: _id, version: _version, document: _source }));
    await bulkWrite(engine, to, actions);
    last = hits.at(-1)?.sort[0] ?? last;
  }
}

async function switchAlias(engine: Engine, { products }: IndexNames, from: string, to: string): Promise<void> {
  await engine.client.indices.refresh({ index: to }, engine.forWrite());
  const actions = [{ remove: { index: from, alias: products } }, { add: { index: to, alias: products } }];
  await engine.client.indices.updateAliases({ actions }, engine.forWrite());
}
