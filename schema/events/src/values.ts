import { z } from 'zod';

/** Integer of the currency's minor unit, with its ISO 4217 code. */
export const money = z.object({ amountMinor: z.int(), currency: z.string().length(3) });

/** ISO 8601, UTC. */
export const instant = z.iso.datetime();

export const quantityOfSku = z.object({ sku: z.string(), quantity: z.int().positive() });
