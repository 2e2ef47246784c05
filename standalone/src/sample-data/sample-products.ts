import type { SeedProduct } from '@shop/catalog/seed';
import type { FactTable, OptionTable, Voice } from './department.js';
import { pictureColours, type PictureKind } from './picture-shapes.js';
import { randomFrom, uuidOf, type Random } from './random.js';
import type { Place } from './sample-categories.js';
import { choicesOf, variantsOf } from './sample-variants.js';
import { sentence, wordsOf } from './words.js';

/** What a picture of a product needs to know. */
export interface PictureFacts {
  name: string;
  brand: string;
  kind: PictureKind;
  /** A colour name of `pictureColours`. */
  colour: string;
}

export interface SampleProduct extends SeedProduct {
  brand: string;
  picture: PictureFacts;
}

const FIRST_DAY = Date.UTC(2024, 8, 1);
const DAYS = 480;

interface Draft {
  place: Place;
  thing: string;
  series: string;
  number: string;
  random: Random;
  table: OptionTable;
  choices: ReturnType<typeof choicesOf>;
  /** Variants that it will have. */
  count: number;
}

/** `products` products over all shelves with exactly `variants` variants together, the same in every run. */
export function sampleProducts(places: readonly Place[], products: number, variants: number): SampleProduct[] {
  const drafts = places.flatMap((place, index) => draftsOf(place, shareOf(products, places.length, index)));
  settleCounts(drafts, variants);
  const slugs = new Set<string>();
  return drafts.map((draft, index) => productOf(draft, index, slugs));
}

function shareOf(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}

function draftsOf(place: Place, count: number): Draft[] {
  const { department, group, shelf } = place;
  const order = randomFrom(`shelf ${place.categoryId}`);
  const names = order.shuffled(department.series.flatMap((series) => shelf.things.map((thing) => ({ series, thing }))));
  const code = wordsOf(`${group.name} ${shelf.name}`)
    .split('-')
    .map((word) => word.slice(0, 2))
    .join('')
    .slice(0, 5)
    .toUpperCase();
  const table = shelf.options ?? group.options ?? {};
  return Array.from({ length: count }, (_, n): Draft => {
    const { series, thing } = names[n % names.length] ?? { series: '', thing: shelf.name };
    const number = `${code}-${place.categoryId.slice(0, 3).toUpperCase()}${String(n + 1).padStart(2, '0')}`;
    const random = randomFrom(`product ${number}`);
    const choices = choicesOf(table, random);
    return { place, thing, series, number, random, table, choices, count: Math.min(choices.length, random.pick([1, 1, 2, 2, 3, 3, 4, 5])) };
  });
}

/** Adds or takes variants, one product after the other, until there are `total`. */
function settleCounts(drafts: readonly Draft[], total: number): void {
  let missing = total - drafts.reduce((sum, { count }) => sum + count, 0);
  while (missing !== 0) {
    const step = Math.sign(missing);
    const movable = drafts.filter(({ count, choices }) => (step > 0 ? count < choices.length : count > 1));
    if (movable.length === 0) throw new RangeError(`These products cannot have ${total} variants.`);
    for (const draft of movable.slice(0, Math.abs(missing))) draft.count += step;
    missing -= step * Math.min(movable.length, Math.abs(missing));
  }
}

function productOf(draft: Draft, index: number, slugs: Set<string>): SampleProduct {
  const { place, thing, series, number, random, table, choices, count } = draft;
  const { department, shelf } = place;
  const brand = random.pick(department.brands);
  const name = thing.includes('{series}') ? capital(thing.replace('{series}', series)) : `${series} ${thing}`;
  const slug = freeSlug([wordsOf(name), wordsOf(`${brand} ${name}`), wordsOf(`${name} ${number}`)], slugs);
  const variants = variantsOf(number, shelf, table, choices.slice(0, count), random);
  const attributes = factsOf(place).map(([fact, values]) => ({ name: fact, value: random.pick(values) }));
  const colour = variants[0]?.optionValues.find((option) => option.name === 'Colour')?.value;
  return {
    id: uuidOf(`product ${slug}`),
    slug,
    name,
    description: descriptionOf(place, shelf.noun ?? thing.toLowerCase(), { series, brand }, attributes, random),
    brand,
    status: index % 150 === 149 ? 'DRAFT' : index % 170 === 169 ? 'ARCHIVED' : 'PUBLISHED',
    taxClass: department.taxClass,
    categoryIds: [place.categoryId],
    images: [{ url: `/media/products/${slug}.svg`, alt: `${name} by ${brand}`, width: 800, height: 880 }],
    attributes,
    options: optionsOf(variants),
    variants,
    createdAt: new Date(FIRST_DAY + random.between(0, DAYS) * 86_400_000 + random.between(0, 86_399) * 1000),
    picture: { name, brand, kind: shelf.picture, colour: colour ?? random.pick(Object.keys(pictureColours)) },
  };
}

function freeSlug(candidates: readonly string[], taken: Set<string>): string {
  const free = candidates.find((candidate) => !taken.has(candidate));
  if (free === undefined) throw new Error(`Every slug is taken: ${candidates.join(', ')}`);
  taken.add(free);
  return free;
}

function factsOf({ department, group, shelf }: Place): [string, readonly string[]][] {
  const own: FactTable = shelf.facts ?? group.facts ?? {};
  return Object.entries(shelf.ownFactsOnly ? own : { ...own, ...department.facts, ...own });
}

function descriptionOf(
  { department, group, shelf }: Place,
  thing: string,
  words: { series: string; brand: string },
  [fact]: readonly { name: string; value: string }[],
  random: Random,
): string {
  const voice: Voice = { ...department, ...group.voice, ...shelf.voice };
  const known = { ...words, fact: fact?.value ?? '', factname: fact?.name.toLowerCase() ?? '' };
  const templates = [
    random.pick(voice.openings),
    ...random.shuffled(voice.details).slice(0, random.between(1, 2)),
    ...(random.next() < 0.8 ? [random.pick(voice.closings)] : []),
  ];
  return templates.map((template) => sentence(template, thing, known)).join(' ');
}

function optionsOf(variants: SeedProduct['variants']): SeedProduct['options'] {
  const names = [...new Set(variants.flatMap(({ optionValues }) => optionValues.map(({ name }) => name)))];
  return names.map((name) => ({
    name,
    values: [
      ...new Set(variants.flatMap(({ optionValues }) => optionValues.filter((option) => option.name === name).map(({ value }) => value))),
    ],
  }));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
