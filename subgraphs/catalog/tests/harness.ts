import { manualClock } from '@shop/platform/clock';
import type { EventEnvelope } from '@shop/platform/event';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { as, quietLogger, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { productChanged } from '@shop/events/catalog';
import { seedCatalog, type CatalogSeed, type SeedCategory } from '../src/seed.js';
import { startCatalog } from '../src/subgraph.js';

export const START = new Date('2026-03-01T12:00:00.000Z');

export const reader = userViewer(undefined, ['catalog:read-all']);
const writer = userViewer(undefined, ['catalog:write', 'catalog:read-all']);

/** A place for one catalog, empty at first. */
export interface CatalogPlace extends AsyncDisposable {
  url: string;
  /** As if a crash had come between sending a product and marking it as sent. */
  forgetSent(productId: string): Promise<void>;
}

/** The kind of store that the suites run on. */
export interface CatalogPlaces {
  make(): Promise<CatalogPlace>;
  /** How many statements this process sends to the store while `work` runs; the relay's polling is none of them. */
  countStatements(work: () => Promise<unknown>): Promise<number>;
}

let places: CatalogPlaces | null = null;

/** To be called once in a test file, before the suites. */
export function usePlaces(chosen: CatalogPlaces): void {
  places = chosen;
}

function chosenPlaces(): CatalogPlaces {
  if (!places) throw new Error('The test file has not said which store it is for.');
  return places;
}

export const emptyPlace = (): Promise<CatalogPlace> => chosenPlaces().make();
export const countStatements = (work: () => Promise<unknown>): Promise<number> => chosenPlaces().countStatements(work);

export interface CatalogUnderTest extends AsyncDisposable {
  forgetSent: CatalogPlace['forgetSent'];
  clock: ReturnType<typeof manualClock>;
  catalog: RunningSubgraph;
  /** What a consumer of product-changed received, in order. */
  received: EventEnvelope[];
}

/** A catalog of its own, with these products in it. */
export async function catalogWith(seed: CatalogSeed = { categories: [], products: [] }): Promise<CatalogUnderTest> {
  const database = await emptyPlace();
  await seedCatalog(database.url, seed);
  const running = await startOn(database.url);
  return {
    forgetSent: database.forgetSent,
    ...running,
    [Symbol.asyncDispose]: async () => {
      await running.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

export async function startOn(databaseUrl: string) {
  const clock = manualClock(START);
  const bus = inProcessBus({ logger: quietLogger, backoffMs: [0] });
  const received: EventEnvelope[] = [];
  bus.consume({
    name: 'test',
    types: [productChanged.type],
    handle: async (event) => void received.push(event),
    park: async () => undefined,
  });
  const catalog = await startCatalog({ databaseUrl, envelopeSecrets: [TEST_SECRET] }, { bus, logger: quietLogger, clock });
  const stop = async () => {
    await catalog[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
  };
  return { clock, catalog, received, stop };
}

export const anyone = ({ catalog }: { catalog: RunningSubgraph }) => as(catalog);
export const staff = ({ catalog }: { catalog: RunningSubgraph }) => as(catalog, writer);

export function category(slug: string, parent: SeedCategory | null = null, position = 0): SeedCategory {
  return { id: `category-${slug}`, slug, name: slug.toUpperCase(), parentId: parent?.id ?? null, position };
}
