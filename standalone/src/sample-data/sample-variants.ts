import type { SeedProduct } from '@shop/catalog/seed';
import type { OptionTable, Shelf } from './department.js';
import { uuidOf, type Random } from './random.js';

type Choice = { name: string; value: string }[];
export type SampleVariant = SeedProduct['variants'][number];

/** Options whose later values cost more. */
const stepped = new Set([
  'Storage',
  'Diameter',
  'Blade',
  'Width',
  'Set',
  'Volume',
  'Capacity',
  'Screen size',
  'Weight',
  'Pieces',
  'Pack',
  'Format',
]);
const endings = [0, 90, 95, 99] as const;

/** All combinations of some of the values: up to three colours, neighbouring values of everything else. */
export function choicesOf(options: OptionTable, random: Random): Choice[] {
  return Object.entries(options).reduce<Choice[]>(
    (choices, [name, values]) => {
      const some = name === 'Colour' ? random.shuffled(values).slice(0, random.between(1, 3)) : neighbours(values, random);
      return choices.flatMap((choice) => some.map((value) => [...choice, { name, value }]));
    },
    [[]],
  );
}

/** Prices, weights and numbers of the chosen variants. */
export function variantsOf(number: string, shelf: Shelf, table: OptionTable, choices: readonly Choice[], random: Random): SampleVariant[] {
  const [low, high] = shelf.euros;
  const euros = Math.round(low + (high - low) * random.next() ** 1.6);
  const grams = random.between(...shelf.grams);
  const ending = random.pick(endings);
  const reduction = random.next() < 0.15 ? 1 + random.between(10, 45) / 100 : null;
  return choices.map((choice, index) => {
    const factor = 1 + 0.22 * stepsOf(choice, table);
    const price = priced(euros * factor, ending);
    const sku = `${number}-${String(index + 1).padStart(2, '0')}`;
    return {
      id: uuidOf(`variant ${sku}`),
      sku,
      name: choice.map(({ value }) => value).join(' / ') || 'Standard',
      optionValues: choice,
      price: { amountMinor: price, currency: 'EUR' },
      compareAtPrice: reduction === null ? null : { amountMinor: priced(euros * factor * reduction + 1, ending), currency: 'EUR' },
      weightGrams: Math.round(grams * factor),
    };
  });
}

/** How far a choice is above the cheapest of its table. */
function stepsOf(choice: Choice, table: OptionTable): number {
  return choice.filter(({ name }) => stepped.has(name)).reduce((steps, { name, value }) => steps + (table[name]?.indexOf(value) ?? 0), 0);
}

function priced(euros: number, ending: number): number {
  const whole = Math.round(euros);
  return ending === 0 ? whole * 100 : (whole - 1) * 100 + ending;
}

function neighbours(values: readonly string[], random: Random): readonly string[] {
  const count = Math.min(values.length, random.between(2, 4));
  const start = random.between(0, values.length - count);
  return values.slice(start, start + count);
}
