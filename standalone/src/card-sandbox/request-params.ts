import { z } from 'zod';
import type { FormFields } from './form-body.js';
import { refusal, type Refusal } from './refusal.js';

const amount = z
  .string()
  .regex(/^[1-9]\d{0,11}$/, 'Invalid positive integer')
  .transform(Number);
const unixSeconds = z
  .string()
  .regex(/^\d{1,12}$/, 'Invalid timestamp')
  .transform(Number);
const paymentMethod = z.string().max(255);
const returnUrl = z.url({ protocol: /^https?$/ }).max(2048);
// An empty value unsets a key, as at Stripe: with nothing stored before it is the same as a key that is not there.
const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .transform((entries) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== '')))
  .refine((entries) => Object.keys(entries).length <= 50, 'At most 50 keys');
const expand = z
  .record(z.string(), z.string())
  .transform((paths) => new Set(Object.values(paths)))
  .default(new Set<string>());
const page = {
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'Between 1 and 100')
    .transform(Number)
    .default(10),
  expand,
};

/** The parameters that the sandbox understands; like other optional features of Stripe, the rest is ignored. */
export const params = {
  retrieve: z.object({ expand }),
  create: z.object({
    amount,
    currency: z
      .string()
      .regex(/^[A-Za-z]{3}$/, 'Three letters of ISO 4217')
      .transform((code) => code.toLowerCase()),
    capture_method: z.enum(['manual', 'automatic', 'automatic_async']).default('automatic'),
    confirm: z.stringbool().default(false),
    payment_method: paymentMethod.optional(),
    return_url: returnUrl.optional(),
    metadata: metadata.default({}),
    expand,
  }),
  confirm: z.object({ payment_method: paymentMethod.optional(), return_url: returnUrl.optional(), expand }),
  capture: z.object({ amount_to_capture: amount.optional(), expand }),
  cancel: z.object({ cancellation_reason: z.string().max(100).optional(), expand }),
  refund: z.object({
    payment_intent: z.string().optional(),
    charge: z.string().optional(),
    amount: amount.optional(),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
    metadata: metadata.default({}),
  }),
  listIntents: z.object({
    ...page,
    starting_after: z.string().optional(),
    created: z
      .object({ gte: unixSeconds.optional(), gt: unixSeconds.optional(), lte: unixSeconds.optional(), lt: unixSeconds.optional() })
      .default({}),
  }),
  listRefunds: z.object({
    ...page,
    starting_after: z.string().optional(),
    payment_intent: z.string().optional(),
    charge: z.string().optional(),
  }),
  search: z.object({ ...page, query: z.string().max(1000), page: z.string().optional() }),
};

/** Parses the fields of a body or query; the first fault becomes Stripe's `parameter_…` error. */
export function parseParams<T>(schema: z.ZodType<T>, fields: FormFields): { kind: 'parsed'; value: T } | Refusal {
  const result = schema.safeParse(fields);
  if (result.success) return { kind: 'parsed', value: result.data };
  const [issue] = result.error.issues;
  const [head = '', ...rest] = issue?.path.map(String) ?? [];
  const param = `${head}${rest.map((key) => `[${key}]`).join('')}`;
  if (fields[head] === undefined) return refusal('parameter_missing', `Missing required param: ${param}.`, { param });
  return refusal('parameter_invalid', `Invalid ${param}: ${issue?.message ?? 'not understood'}`, { param });
}

const clause = /^(?:metadata\['([^']+)'\]|metadata\["([^"]+)"\])\s*:\s*(?:'([^']*)'|"([^"]*)")$/;

/** `metadata['key']:'value'`, several joined by AND: what is looked for, by key. Other queries are refused. */
export function parseSearchQuery(query: string): { kind: 'parsed'; value: ReadonlyMap<string, string> } | Refusal {
  const wanted = new Map<string, string>();
  for (const part of query.split(/\s+AND\s+/i)) {
    const match = clause.exec(part.trim());
    if (match === null) return refusal('search_query_invalid', `Cannot search for: ${part}`, { param: 'query' });
    wanted.set(match[1] ?? match[2] ?? '', match[3] ?? match[4] ?? '');
  }
  return { kind: 'parsed', value: wanted };
}
