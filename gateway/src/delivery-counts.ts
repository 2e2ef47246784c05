import { getOperationAST, Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import type { DeliveryTally } from './limits/client-queue.js';

/** Through which events reach clients; `shared`: before they are told to anybody. */
export type DeliveryDoor = 'websocket' | 'event-stream' | 'multipart' | 'shared';

export interface DeliveryCount extends DeliveryTally {
  door: DeliveryDoor;
  /** The root field of Subscription. */
  field: string;
}

/** What became of the events of subscriptions since the start, by door and field. */
export interface DeliveryCounts {
  /** The tally of a valid subscription, for whoever tells of its events to count in. */
  of(door: DeliveryDoor, document: DocumentNode, operationName: string | undefined): DeliveryTally;
  counts(): readonly DeliveryCount[];
}

/** Fields of one schema after the other add up; those beyond are counted together. */
const MOST_FIELDS = 100;
const OTHERS = 'others';

export function deliveryCounts(): DeliveryCounts {
  const tallies = new Map<string, DeliveryCount>();
  const fields = new Set<string>();
  return {
    of: (door, document, operationName) => {
      const name = subscribedField(document, operationName);
      const field = fields.has(name) || fields.size < MOST_FIELDS ? name : OTHERS;
      fields.add(field);
      const tally = tallies.get(`${door} ${field}`) ?? { door, field, delivered: 0, conflated: 0, cutOff: 0 };
      tallies.set(`${door} ${field}`, tally);
      return tally;
    },
    counts: () => [...tallies.values()].map((tally) => ({ ...tally })),
  };
}

function subscribedField(document: DocumentNode, operationName: string | undefined): string {
  const operation = getOperationAST(document, operationName);
  return (operation && firstField(operation.selectionSet, document)) ?? OTHERS;
}

/** Valid documents have one, and no fragment inside itself. */
function firstField({ selections }: SelectionSetNode, document: DocumentNode): string | null {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) return selection.name.value;
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : document.definitions.find((each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value);
    const found = fragment && 'selectionSet' in fragment ? firstField(fragment.selectionSet, document) : null;
    if (found !== null) return found;
  }
  return null;
}
