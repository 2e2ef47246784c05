import type { Logger } from '@shop/platform/logger';
import type { RateLimiter } from '@shop/platform/rate-limit';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { partnerBudget } from './partner-budget.js';
import { partnerDirectory, type PartnerDirectory } from './partner-directory.js';
import { partnerGate, type PartnerGate } from './partner-gate.js';
import type { PersistedLists } from './persisted-lists.js';

export interface PartnersOptions {
  /** Those in force. */
  lists(): PersistedLists;
  /** Left out: there are no partners. */
  users: SubgraphTransport | undefined;
  limiter: RateLimiter;
  logger: Logger;
}

export interface Partners {
  directory: PartnerDirectory;
  gate: PartnerGate;
}

export function openPartners({ lists, users, limiter, logger }: PartnersOptions): Partners {
  const directory = users ? partnerDirectory(users) : nobody;
  return { directory, gate: partnerGate({ lists, directory, budget: partnerBudget(limiter, logger), logger }) };
}

const nobody: PartnerDirectory = { holderOf: async () => null, partner: () => null, forget: () => undefined };
