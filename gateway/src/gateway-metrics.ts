import type { DeliveryCount } from './delivery-counts.js';
import type { LiveCounts } from './engine/live/live-hub.js';
import type { EnginePlans } from './engine.js';
import type { Metric, Sample } from './exposition.js';
import type { ReloadCounts } from './generations.js';
import type { FetchCounts } from './guarded-fetchers.js';
import type { LimitCount } from './limits/limit-watch.js';
import type { PartnerCount } from './partners/partner-gate.js';
import type { BreakerState, ResilienceCounts } from './resilient-fetcher.js';
import type { DenialCount } from './viewer-authorization.js';

/** Everything that the gateway counts. */
export interface Counted {
  limits: readonly LimitCount[];
  denials: readonly DenialCount[];
  partners: readonly PartnerCount[];
  fetches: FetchCounts;
  reloads: ReloadCounts;
  /** Of registered operations. */
  listReloads: ReloadCounts;
  live: LiveCounts;
  deliveries: readonly DeliveryCount[];
  plans: EnginePlans | undefined;
}

/** What is counted, under the names that dashboards know. Those of plans and entities begin anew with every supergraph. */
export function gatewayMetrics({ limits, denials, partners, fetches, reloads, listReloads, live, deliveries, plans }: Counted): Metric[] {
  return [
    counter('gateway_limit_excesses_total', 'Requests over a limit, refused or only measured.', labelled(limits, 'limit', 'mode')),
    counter('gateway_denied_fields_total', 'Fields that the viewer may not ask for.', labelled(denials, 'coordinate', 'mode')),
    counter('gateway_partner_operations_total', "Partners' operations.", labelled(partners, 'clientId', 'mode', 'outcome')),
    counter('gateway_supergraph_reloads_total', 'Supergraphs that were taken over or refused.', byLabel('outcome', { ...reloads })),
    counter(
      'gateway_manifest_reloads_total',
      'Registered operations that were taken over or refused.',
      byLabel('outcome', { ...listReloads }),
    ),
    gauge('gateway_subscriptions', 'Streams of subgraphs, kinds of answers and clients.', byLabel('of', { ...live })),
    ...deliveryMetrics(deliveries),
    ...planMetrics(plans),
    counter('gateway_fetches_total', 'What plans asked of subgraphs.', [[{}, fetches.fetches]]),
    counter('gateway_fetches_shared_total', 'Of these answered by another one under way.', [[{}, fetches.shared]]),
    ...subgraphMetrics([...fetches.subgraphs]),
  ];
}

function deliveryMetrics(deliveries: readonly DeliveryCount[]): Metric[] {
  const samples = deliveries.flatMap(({ door, field, delivered, conflated }): Sample[] => [
    [{ door, field, outcome: 'delivered' }, delivered],
    [{ door, field, outcome: 'conflated' }, conflated],
  ]);
  return [
    counter('gateway_subscription_events_total', 'Events written to clients, or dropped in favour of a later state.', samples),
    counter(
      'gateway_subscription_cut_offs_total',
      'Clients closed (1013) because they did not read events fast enough.',
      deliveries.flatMap(({ door, field, cutOff }): Sample[] => (door === 'shared' ? [] : [[{ door, field }, cutOff]])),
    ),
  ];
}

function planMetrics(plans: EnginePlans | undefined): Metric[] {
  if (!plans) return [];
  const { hits, misses, size } = plans.planCounts();
  const { places, representations } = plans.entityCounts();
  return [
    counter(
      'gateway_plans_used_total',
      'Operations whose plan was known, or had to be made.',
      byLabel('plan', { known: hits, made: misses }),
    ),
    gauge('gateway_plans', 'Documents that are kept planned.', [[{}, size]]),
    counter('gateway_entity_places_total', 'Places of answers that entities were looked up for.', [[{}, places]]),
    counter('gateway_entity_representations_total', 'Entities that subgraphs were asked for, equal ones once.', [[{}, representations]]),
  ];
}

const breakerStates: readonly BreakerState[] = ['closed', 'half-open', 'open'];

function subgraphMetrics(subgraphs: readonly (readonly [string, ResilienceCounts])[]): Metric[] {
  const each = (value: (counts: ResilienceCounts) => number): Sample[] =>
    subgraphs.map(([subgraph, counts]) => [{ subgraph }, value(counts)]);
  const states = subgraphs.flatMap(([subgraph, counts]) =>
    breakerStates.map((state): Sample => [{ subgraph, state }, counts.state === state ? 1 : 0]),
  );
  return [
    gauge('gateway_subgraph_breaker', 'Whether a subgraph is asked (closed), tried (half-open) or left alone (open).', states),
    gauge(
      'gateway_subgraph_calls_in_flight',
      'Calls under way.',
      each(({ inFlight }) => inFlight),
    ),
    gauge(
      'gateway_subgraph_calls_waiting',
      'Calls that wait for their turn.',
      each(({ waiting }) => waiting),
    ),
    counter(
      'gateway_subgraph_retries_total',
      'Queries sent again.',
      each(({ retries }) => retries),
    ),
    counter(
      'gateway_subgraph_timeouts_total',
      'Calls given up.',
      each(({ timeouts }) => timeouts),
    ),
    counter(
      'gateway_subgraph_not_sent_total',
      'Calls not made: left alone, or too many waiting.',
      each(({ notSent }) => notSent),
    ),
  ];
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, kind: 'counter', samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, kind: 'gauge', samples };
}

function labelled<K extends string>(counts: readonly ({ count: number } & Record<K, string>)[], ...labels: K[]): Sample[] {
  return counts.map((counted) => [Object.fromEntries(labels.map((label) => [label, counted[label]])), counted.count]);
}

function byLabel(label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([name, value]) => [{ [label]: name }, value]);
}
