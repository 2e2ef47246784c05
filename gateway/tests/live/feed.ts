import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import type { LiveFields } from '../../src/engine/live/live-field.js';
import type { RequestContext } from '@shop/platform/request-context';
import type { SubgraphServer } from '@shop/platform/subgraph-server';
import { startSmallSubgraph } from '../small-subgraph.js';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])';

export const feedSdl = `${link}
  type Query { topics: [String!]! }
  type Subscription {
    noted(topic: ID!, afterRevision: Int): Note!
    levelChanged(tanks: [ID!]!): Level!
    rang(door: ID!): Ring!
    ticked(topic: ID!): Tick!
  }
  type Note { revision: Int! text: String! viewer: String! parcel: Parcel! }
  type Level { tank: ID! value: Int! parcel: Parcel! }
  type Ring { text: String! }
  type Tick { text: String! parcel: Parcel! }
  type Parcel @key(fields: "id") { id: ID! }`;

const namesSdl = `${link}
  type Query { unused: String }
  type Parcel @key(fields: "id") { id: ID! name: String slow: String }`;

/** What the gateway is told of the feed's subscriptions; nothing of `ticked`. */
export const feedFields: LiveFields = {
  noted: { begins: 'state', entity: [], conflate: false, resume: { argument: 'afterRevision', field: 'revision' } },
  levelChanged: { begins: 'state', entity: ['tank'], conflate: true, resume: null },
  rang: { begins: 'nothing', entity: [], conflate: false, resume: null },
};

export function feedSupergraph(): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries({ feed: feedSdl, names: namesSdl }).map(([name, sdl]) => ({
      name,
      url: `http://${name}.internal`,
      typeDefs: parse(sdl),
    })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

interface Note {
  revision: number;
  text: string;
}

/** What happened, as a store would keep it: it is there before and after any server of it. */
export class Feed {
  readonly notes = new Map<string, Note[]>();
  readonly levels = new Map<string, number>();
  /** How often a subscription was started, by its field and arguments. */
  readonly started: string[] = [];
  /** How many are followed now. */
  open = 0;
  /** How often it was asked for its topics, and what that waits for. */
  asked = 0;
  held: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<(what: string, event: unknown) => void>();

  async topics(): Promise<string[]> {
    this.asked++;
    await this.held;
    return [...this.notes.keys()];
  }

  note(topic: string, text: string): void {
    const notes = this.notes.get(topic) ?? [];
    this.notes.set(topic, [...notes, { revision: notes.length + 1, text }]);
    this.#tell(`noted ${topic}`, null);
  }

  level(tank: string, value: number): void {
    this.levels.set(tank, value);
    this.#tell('level', tank);
  }

  ring(door: string, text: string): void {
    this.#tell(`rang ${door}`, text);
  }

  tick(topic: string, text: string): void {
    this.#tell(`ticked ${topic}`, text);
  }

  /** The source of one subscription fails. */
  fail(what: string): void {
    this.#tell(what, new Error('The store is away.'));
  }

  /** Everything of `what` from now on, until the signal fires. */
  async *follow(what: string, signal: AbortSignal, begun: () => void = () => undefined): AsyncGenerator<unknown, void, void> {
    const waiting: unknown[] = [];
    let wake = Promise.withResolvers<void>();
    const hear = (told: string, event: unknown) => {
      if (told !== what) return;
      waiting.push(event);
      wake.resolve();
    };
    this.#listeners.add(hear);
    this.open++;
    const stop = () => wake.resolve();
    signal.addEventListener('abort', stop, { once: true });
    begun();
    try {
      while (!signal.aborted) {
        while (waiting.length > 0) {
          const event = waiting.shift();
          if (event instanceof Error) throw event;
          yield event;
        }
        if (signal.aborted) return;
        wake = Promise.withResolvers();
        if (waiting.length === 0) await wake.promise;
      }
    } finally {
      this.#listeners.delete(hear);
      this.open--;
    }
  }

  #tell(what: string, event: unknown): void {
    for (const listener of this.#listeners) listener(what, event);
  }
}

async function* noted(feed: Feed, topic: string, after: number | null, { signal, viewer }: RequestContext) {
  feed.started.push(`noted ${topic} after ${after}`);
  const told = (note: Note) => ({ noted: { ...note, viewer: viewer.kind, parcel: { id: topic } } });
  let seen = after ?? Math.max(0, (feed.notes.get(topic) ?? []).length - 1);
  const changes = feed.follow(`noted ${topic}`, signal);
  let next = changes.next();
  for (;;) {
    for (const note of (feed.notes.get(topic) ?? []).slice(seen)) {
      seen = note.revision;
      yield told(note);
    }
    if ((await next).done) return;
    next = changes.next();
  }
}

async function* levels(feed: Feed, tanks: readonly string[], { signal }: RequestContext) {
  feed.started.push(`levelChanged ${tanks.join()}`);
  const told = (tank: string) => ({ levelChanged: { tank, value: feed.levels.get(tank) ?? 0, parcel: { id: tank } } });
  const changes = feed.follow('level', signal);
  let next = changes.next();
  for (const tank of tanks) yield told(tank);
  for (;;) {
    const { done, value } = await next;
    if (done) return;
    next = changes.next();
    if (typeof value === 'string' && tanks.includes(value)) yield told(value);
  }
}

async function* told(feed: Feed, field: 'rang' | 'ticked', of: string, { signal }: RequestContext) {
  feed.started.push(`${field} ${of}`);
  for await (const text of feed.follow(`${field} ${of}`, signal)) yield { [field]: { text, parcel: { id: of } } };
}

export function startFeedServer(feed: Feed): Promise<SubgraphServer> {
  const Subscription = {
    noted: {
      subscribe: (_: unknown, { topic, afterRevision }: { topic: string; afterRevision?: number }, context: RequestContext) =>
        noted(feed, topic, afterRevision ?? null, context),
    },
    levelChanged: {
      subscribe: (_: unknown, { tanks }: { tanks: string[] }, context: RequestContext) => levels(feed, tanks, context),
    },
    rang: { subscribe: (_: unknown, { door }: { door: string }, context: RequestContext) => told(feed, 'rang', door, context) },
    ticked: { subscribe: (_: unknown, { topic }: { topic: string }, context: RequestContext) => told(feed, 'ticked', topic, context) },
  };
  return startSmallSubgraph('feed', feedSdl, { Query: { topics: () => feed.topics() }, Subscription });
}

/** Counts what it is asked. */
export async function startNamesServer(): Promise<{ server: SubgraphServer; asked: string[] }> {
  const asked: string[] = [];
  const name = ({ id }: { id: string }) => {
    asked.push(id);
    return `Parcel ${id}`;
  };
  const slow = () => new Promise<string>(() => undefined);
  const reference = ({ id }: { id: string }) => ({ id });
  return { server: await startSmallSubgraph('names', namesSdl, { Parcel: { __resolveReference: reference, name, slow } }), asked };
}
