import 'reflect-metadata';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { checkBooks, type Books } from '../../kit/ledger.js';
import { buyersAt } from '../checkout/buyers.js';
import { stockUp } from '../checkout/stock-up.js';
import { percentile } from '../percentile.js';
import { shopInOneProcess, shopInProcesses, type BenchedShop } from './shops.js';
import { stockProbes } from './stock-lag.js';

export interface StackBench {
  /** How long each form of the shop is bought from. */
  seconds: number;
  /** How many buy at the same time. */
  buyers: number;
}

interface Figures {
  checkouts: number;
  /** How often for which reason. */
  refusals: ReadonlyMap<string, number>;
  perSecond: number;
  /** From checkout to CONFIRMED, and from a change of stock to the search that knows, each in ms. */
  confirmed: number[];
  stockLags: number[];
  cpuMsEach: number;
  residentMegabytes: number;
  /** What the books say that must not be, once all is quiet. */
  violations: string[];
}

const PROBES = 2;
const QUIET_WITHIN_MS = 120_000;

/**
 * The same purchases from the shop as separate processes on its real stores, and as one process, one form after the other, the load on the
 * same cores; meanwhile some stock comes and goes, and search is asked for it. Prints both side by side; true when the books of both check.
 * Needs `npm run servers -- install`.
 */
export async function benchStack(bench: StackBench): Promise<boolean> {
  console.log(`${bench.buyers} buyers at a time for ${bench.seconds} s; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
  const one = await figuresOf(await shopInOneProcess(), bench);
  console.log(`one process: ${one.checkouts} checkouts; now the stack …`);
  const many = await figuresOf(await shopInProcesses(), bench);
  print(one, many);
  for (const [why, count] of [...one.refusals, ...many.refusals]) console.log(`refused ${count} times: ${why}`);
  for (const violation of [...one.violations, ...many.violations].slice(0, 20)) console.log(violation);
  return one.violations.length + many.violations.length === 0;
}

async function figuresOf(started: BenchedShop, { seconds, buyers }: StackBench): Promise<Figures> {
  await using shop = started;
  const skus = await stockUp(shop, 60);
  const probes = await stockProbes(shop, new Set(skus), PROBES);
  await using buying = await buyersAt({ shop, skus, buyers, warmUps: 20 });
  const cpuBefore = shop.cpuMs();
  const purchases = buying.buyFor(seconds);
  const [stockLags, bought] = await Promise.all([probes.measure(purchases), purchases]);
  const cpuMs = shop.cpuMs() - cpuBefore;
  const violations = await violationsAtRest(shop.books);
  const { latencies: confirmed, refusals } = bought;
  return {
    checkouts: confirmed.length,
    refusals,
    perSecond: confirmed.length / bought.seconds,
    confirmed,
    stockLags,
    cpuMsEach: cpuMs / confirmed.length,
    residentMegabytes: shop.residentMegabytes(),
    violations,
  };
}

/** What is still under way is no violation: looks until there is none, at most two minutes. */
async function violationsAtRest(books: Books): Promise<string[]> {
  for (const end = performance.now() + QUIET_WITHIN_MS; ; await delay(500)) {
    const violations = await checkBooks(books);
    if (violations.length === 0 || performance.now() > end) return violations;
  }
}

const KINDS: readonly { name: string; pattern: RegExp }[] = [
  { name: 'oversold', pattern: /^I7/ },
  { name: 'doubly charged', pattern: /live authorisations|the provider says/ },
  { name: 'lost events', pattern: /^I1[36]/ },
];

function print(one: Figures, many: Figures): void {
  const row = (name: string, of: (figures: Figures) => string | number) =>
    console.log(name.padEnd(34) + String(of(one)).padStart(16) + String(of(many)).padStart(16));
  const ms = (of: (figures: Figures) => number[], share: number) => (figures: Figures) => `${percentile(of(figures), share).toFixed(0)} ms`;
  console.log(''.padEnd(34) + 'one process'.padStart(16) + 'stack'.padStart(16));
  row('checkouts', ({ checkouts }) => checkouts);
  row('checkouts per second', ({ perSecond }) => perSecond.toFixed(1));
  row('refused', ({ refusals }) => [...refusals.values()].reduce((sum, count) => sum + count, 0));
  for (const share of [0.5, 0.95, 0.99])
    row(
      `checkout to CONFIRMED: p${share * 100}`,
      ms(({ confirmed }) => confirmed, share),
    );
  row('changes of stock followed', ({ stockLags }) => stockLags.length);
  for (const share of [0.5, 0.99])
    row(
      `stock to index: p${share * 100}`,
      ms(({ stockLags }) => stockLags, share),
    );
  for (const { name, pattern } of KINDS) row(name, ({ violations }) => violations.filter((violation) => pattern.test(violation)).length);
  row('violations of the books in all', ({ violations }) => violations.length);
  row('processor time a checkout', ({ cpuMsEach }) => `${cpuMsEach.toFixed(1)} ms`);
  row('memory of our processes', ({ residentMegabytes }) => `${residentMegabytes.toFixed(0)} MB`);
}
