import { GraphQLError } from 'graphql';
import type { Logger } from '@shop/platform/logger';
import { serviceUnavailable } from '@shop/platform/graphql-errors';
import { recentKeys } from '@shop/platform/recent-keys';
import type { ClientRequest } from '../client-request.js';
import type { ResolveDocument, ResolvedDocument } from '../resolve-document.js';
import { hashOf, merged, type Manifest } from './manifest.js';
import type { Charged, PartnerBudget } from './partner-budget.js';
import type { Partner, PartnerDirectory } from './partner-directory.js';
import type { PartnerMode } from './partner-terms.js';
import { openStreams, type StreamOf } from './partner-streams.js';
import { findDocument, type FoundDocument, type ListRules, type NamedDocument } from './persisted-document.js';
import type { PersistedLists } from './persisted-lists.js';

/** How often a partner's operations were found, or what became of them, so that its mode can be tightened without a guess. */
export interface PartnerCount {
  clientId: string;
  mode: PartnerMode;
  /** How the document was found, or the code of a refusal. */
  outcome: string;
  count: number;
}

/** Takes the points from whoever pays; null when nobody has to. */
export type Afford = (request: ClientRequest, points: () => number, isRegistered: boolean) => Promise<Charged> | Charged | null;

export interface PartnerGate {
  resolveDocument: ResolveDocument;
  afford: Afford;
  streamOf: StreamOf;
  /** Ends the subscriptions of partners whose operation is not registered any more. */
  listsChanged(): void;
  counts(): readonly PartnerCount[];
}

export interface PartnerGateParts {
  /** Those in force. */
  lists(): PersistedLists;
  directory: Pick<PartnerDirectory, 'partner'>;
  budget: PartnerBudget;
  logger: Logger;
}

const nothing: Manifest = merged([]);

/** An unknown text is noted once in so long. */
const NOTED_MS = 10 * 60_000;

/** Which documents a client may send and in which form, and what a partner pays for them. Everybody else has the lists of our own clients. */
export function partnerGate({ lists, directory, budget, logger }: PartnerGateParts): PartnerGate {
  const clientLists = new WeakMap<PersistedLists, Manifest>();
  const ofClients = (): Manifest => {
    const current = lists();
    const manifest = clientLists.get(current) ?? merged([...current.clients.values()]);
    clientLists.set(current, manifest);
    return manifest;
  };
  const rulesOf = ({ manifest, mode }: Partner): ListRules => ({ manifest: lists().partners.get(manifest)?.manifest ?? nothing, mode });
  const streams = openStreams();
  const counted = new Map<string, PartnerCount>();
  const noted = recentKeys(NOTED_MS);
  const count = ({ clientId, mode }: Partner, outcome: string) => {
    const key = `${clientId} ${mode} ${outcome}`;
    counted.set(key, { clientId, mode, outcome, count: (counted.get(key)?.count ?? 0) + 1 });
  };
  const noteUnknown = ({ clientId, manifest }: Partner, text: string) => {
    const hash = hashOf(text);
    if (noted.has(`${clientId} ${hash}`, Date.now())) return;
    noted.add(`${clientId} ${hash}`, Date.now());
    logger.warn({ clientId, manifest, documentHash: hash }, 'an operation that the manifest lacks was let through');
  };
  const forPartner = async (named: NamedDocument, partner: Partner): Promise<ResolvedDocument> => {
    const charged = await budget.request(partner);
    if (charged.kind === 'refused') {
      count(partner, 'RATE_LIMITED');
      return { kind: 'refused', errors: [charged.error] };
    }
    const found = findDocument(named, rulesOf(partner));
    count(partner, outcomeOf(found));
    if (found.kind === 'found' && found.as === 'unlisted-text') noteUnknown(partner, found.text);
    return resolved(found, charged.headers);
  };
  return {
    resolveDocument: (named, { viewer }) => {
      if (viewer.kind !== 'partner') return resolved(findDocument(named, { manifest: ofClients(), mode: null }));
      const partner = directory.partner(viewer.clientId);
      return partner ? forPartner(named, partner) : { kind: 'refused', errors: [forgotten()] };
    },
    afford: ({ viewer }, points, isRegistered) => {
      if (viewer.kind !== 'partner') return null;
      const partner = directory.partner(viewer.clientId);
      if (!partner) return { kind: 'refused', error: forgotten() };
      const cost = points();
      const ceiling = isRegistered ? lists().partners.get(partner.manifest)?.terms.costCeiling : undefined;
      if (ceiling === undefined || cost <= ceiling) return budget.cost(partner, cost);
      count(partner, 'COST_ESTIMATED_TOO_EXPENSIVE');
      return { kind: 'refused', error: tooExpensive(cost, ceiling) };
    },
    streamOf: (named, { viewer }, points) => {
      if (viewer.kind !== 'partner') return null;
      const { clientId } = viewer;
      const cost = points();
      return {
        charge: async () => {
          const partner = directory.partner(clientId);
          if (!partner) return { kind: 'ok', headers: {} };
          const charged = await budget.cost(partner, cost);
          if (charged.kind === 'refused') count(partner, 'EVENT_RATE_LIMITED');
          return charged;
        },
        open: (end) => streams.add({ named, clientId, end }),
      };
    },
    listsChanged: () =>
      streams.look(({ named, clientId }) => {
        const partner = directory.partner(clientId);
        const found = partner && findDocument(named, rulesOf(partner));
        return found?.kind === 'refused' ? found.error : null;
      }),
    counts: () => [...counted.values()],
  };
}

/** More partners are at work than are remembered: it asks again, and its key is looked up anew. */
function forgotten(): GraphQLError {
  return serviceUnavailable('The directory of partners');
}

function resolved(found: FoundDocument, headers: Readonly<Record<string, string>> = {}): ResolvedDocument {
  if (found.kind === 'refused') return { kind: 'refused', errors: [found.error] };
  return { kind: 'text', text: found.text, isRegistered: found.as === 'id' || found.as === 'listed-text', headers };
}

function outcomeOf(found: FoundDocument): string {
  return found.kind === 'found' ? found.as : String(found.error.extensions['code']);
}

function tooExpensive(points: number, ceiling: number): GraphQLError {
  return new GraphQLError(`The operation may cost ${points} points; ${ceiling} are agreed with you. Ask for fewer entries.`, {
    extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', http: { status: 400 } },
  });
}
