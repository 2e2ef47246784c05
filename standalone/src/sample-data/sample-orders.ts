import type { SeedOrder } from '@shop/orders/seed';
import { add, amount, includedShare, sum, times, zero } from '@shop/platform/money';
import type { SeedUser } from '@shop/users/seed';
import { randomFrom, uuidOf, type Random } from './random.js';
import type { SampleProduct } from './sample-products.js';

type Status = SeedOrder['timeline'][number]['status'];

/** How an order came to its state, and how many of 100 orders are in it. */
const histories: readonly { steps: readonly Status[]; weight: number }[] = [
  { steps: ['PLACED', 'CONFIRMED', 'SHIPPED', 'DELIVERED'], weight: 52 },
  { steps: ['PLACED', 'CONFIRMED', 'SHIPPED'], weight: 12 },
  { steps: ['PLACED', 'CONFIRMED', 'PARTIALLY_SHIPPED'], weight: 6 },
  { steps: ['PLACED', 'CONFIRMED'], weight: 10 },
  { steps: ['PLACED', 'CONFIRMED', 'CANCELLED'], weight: 7 },
  { steps: ['PLACED', 'REJECTED'], weight: 7 },
  { steps: ['PLACED', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'RETURNED'], weight: 4 },
  { steps: ['PLACED'], weight: 2 },
];

export interface SampleOrder extends SeedOrder {
  number: string;
}

/** `count` orders of these customers in every state, the same in every run but for the dates, which lie before `now`. */
export function sampleOrders(count: number, customers: readonly SeedUser[], products: readonly SampleProduct[], now: Date): SampleOrder[] {
  const random = randomFrom('orders');
  const published = products.filter(({ status }) => status === 'PUBLISHED');
  const weighted = histories.flatMap(({ steps, weight }) => Array.from({ length: weight }, () => steps));
  return Array.from({ length: count }, (_, index) =>
    orderOf(index, random, weighted[index % weighted.length] ?? ['PLACED'], random.pick(customers), published, now),
  );
}

function orderOf(
  index: number,
  random: Random,
  steps: readonly Status[],
  customer: SeedUser,
  products: readonly SampleProduct[],
  now: Date,
): SampleOrder {
  const placedAt = now.getTime() - random.between(2, 120) * 86_400_000 - random.between(0, 86_399) * 1_000;
  const [home] = customer.addresses;
  if (!home) throw new Error(`${customer.email} has no address to send to.`);
  const content = contentOf(random, products);
  return {
    id: uuidOf(`order ${index}`),
    number: `S-${50_001 + index}`,
    customerId: customer.id,
    email: customer.email,
    locale: customer.locale,
    statusReason: reasonOf(steps, random),
    shippingAddress: home.address,
    timeline: steps.map((status, step) => ({ at: new Date(placedAt + (stepMs[step] ?? 0)), status })),
    shipments: shipmentsOf(steps, index, placedAt, content.lines.length),
    ...content,
  };
}

/** How long after it was placed an order is on its way, and when it arrives. */
const SENT_MS = 86_400_000;
const ARRIVED_MS = 2 * 86_400_000 - 30_000_000;
/** How long after it was placed it comes to its first, second … step. */
const stepMs = [0, 2_000, SENT_MS, ARRIVED_MS, 12 * 3_600_000 * 3 + 2_000_000];

function contentOf(random: Random, products: readonly SampleProduct[]): Pick<SeedOrder, 'lines' | 'totals' | 'deliveryOption'> {
  const bought = Array.from({ length: random.between(2, 4) }, () => {
    const product = random.pick(products);
    const variant = random.pick(product.variants);
    return { product, variant, quantity: random.between(1, 3) };
  });
  const once = [...new Map(bought.map((line) => [line.variant.sku, line])).values()];
  const lines = once.map(({ product, variant, quantity }) => ({
    sku: variant.sku,
    productName: product.name,
    variantName: variant.name,
    quantity,
    unitPrice: variant.price,
    lineTotal: times(variant.price, quantity),
  }));
  const subtotal = sum(
    lines.map(({ lineTotal }) => lineTotal),
    'EUR',
  );
  const shipping = amount(subtotal.amountMinor >= 5_000 ? 0 : 490, 'EUR');
  const tax = sum(
    [
      ...once.map(({ product, variant, quantity }) =>
        includedShare(times(variant.price, quantity), product.taxClass === 'REDUCED' ? 700 : 1_900),
      ),
      includedShare(shipping, 1_900),
    ],
    'EUR',
  );
  return {
    lines,
    totals: { subtotal, discount: zero('EUR'), shipping, tax, total: add(subtotal, shipping) },
    deliveryOption: { code: 'standard', name: 'Standard delivery', price: shipping, estimatedDays: 3 },
  };
}

function reasonOf(steps: readonly Status[], random: Random): string | null {
  const last = steps.at(-1);
  if (last === 'REJECTED') return random.pick(['OUT_OF_STOCK', 'PAYMENT_DECLINED', 'TIMED_OUT']);
  return last === 'CANCELLED' ? 'Ordered by mistake' : null;
}

function shipmentsOf(steps: readonly Status[], index: number, placedAt: number, lines: number): NonNullable<SeedOrder['shipments']> {
  const isSent = steps.some((status) => status === 'SHIPPED' || status === 'PARTIALLY_SHIPPED');
  if (!isSent) return [];
  const packed = { at: new Date(placedAt + SENT_MS), status: 'CREATED' as const, message: 'Packed.' };
  const onTheWay = {
    at: new Date(placedAt + SENT_MS + 14_400_000),
    status: 'IN_TRANSIT' as const,
    location: 'Leipzig',
    message: 'The parcel is in the sorting centre.',
  };
  const arrived = { at: new Date(placedAt + ARRIVED_MS), status: 'DELIVERED' as const, message: 'The parcel was handed over.' };
  const isPartial = steps.includes('PARTIALLY_SHIPPED') && lines > 1;
  return [
    {
      carrier: 'Demo Parcel',
      trackingNumber: `DP-${String(index).padStart(6, '0')}`,
      ...(isPartial && { lines: [{ line: 0, quantity: 1 }] }),
      events: steps.includes('DELIVERED') ? [packed, onTheWay, arrived] : [packed, onTheWay],
    },
  ];
}
