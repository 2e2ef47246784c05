import { z } from 'zod';

/** What a search process is told to do. */
export const searchTask = z.object({
  catalogUrl: z.string(),
  inventoryUrl: z.string(),
  secret: z.string(),
  /** null: in memory. */
  elasticsearchUrl: z.string().nullable(),
  words: z.array(z.string()),
  brands: z.array(z.string()),
  categories: z.array(z.string()),
  seconds: z.number(),
  clients: z.number(),
});

export type SearchTask = z.output<typeof searchTask>;

/** What it measured. */
export const engineFigures = z.object({
  filledMs: z.number(),
  found: z.number(),
  perSecond: z.number(),
  failed: z.number(),
  residentMb: z.number(),
  latencies: z.record(z.string(), z.object({ p50: z.number(), p95: z.number() })),
});

export type EngineFigures = z.output<typeof engineFigures>;
