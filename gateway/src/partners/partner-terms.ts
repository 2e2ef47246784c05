import { z } from 'zod';

/** How much of GraphQL a partner may send beside the operations of its manifest. */
export const partnerModes = ['OFF', 'LOG_UNKNOWN', 'SAFELIST', 'ID_ONLY'] as const;
export type PartnerMode = (typeof partnerModes)[number];

/**
 * What was agreed with a partner, in the file beside its manifest: its operations are judged by it before they are deployed. What counts
 * at run time is its API client, except for the ceiling.
 */
export interface PartnerTerms {
  name: string;
  scopes: readonly string[];
  /** Points of one operation at most. */
  costCeiling: number;
  requestsPerMinute: number;
  costPerMinute: number;
  mode: PartnerMode;
}

const termsSchema = z.strictObject({
  name: z.string().min(1),
  scopes: z.array(z.string()),
  costCeiling: z.int().positive(),
  requestsPerMinute: z.int().positive(),
  costPerMinute: z.int().positive(),
  mode: z.enum(partnerModes),
});

export type ReadTerms = { kind: 'read'; terms: PartnerTerms } | { kind: 'faulty'; faults: readonly string[] };

export function readTerms(file: string, text: string): ReadTerms {
  try {
    const terms = termsSchema.safeParse(JSON.parse(text));
    if (terms.success) return { kind: 'read', terms: terms.data };
    return {
      kind: 'faulty',
      faults: terms.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'the file'}: ${message}`),
    };
  } catch {
    return { kind: 'faulty', faults: [`${file}: not JSON`] };
  }
}
