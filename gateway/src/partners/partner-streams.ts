import type { GraphQLError } from 'graphql';
import type { ClientRequest } from '../client-request.js';
import type { Charged } from './partner-budget.js';
import type { NamedDocument } from './persisted-document.js';

/** A subscription of a partner, for as long as it is followed. */
export interface PartnerStream {
  /** Takes the points of one event. */
  charge(): Promise<Charged>;
  /** From now on `end` is called when it may not go on. Returns what to call when nobody follows it any more. */
  open(end: (error: GraphQLError) => void): () => void;
}

/** `points`: what each event costs, asked for when there is somebody to pay it. Null for whoever pays nothing. */
export type StreamOf = (named: NamedDocument, request: ClientRequest, points: () => number) => PartnerStream | null;

/** All that are followed. */
export interface OpenStreams {
  add(stream: OpenStream): () => void;
  /** Ends those that may not go on. */
  look(refusalOf: (stream: OpenStream) => GraphQLError | null): void;
}

export interface OpenStream {
  named: NamedDocument;
  clientId: string;
  end(error: GraphQLError): void;
}

export function openStreams(): OpenStreams {
  const open = new Set<OpenStream>();
  return {
    add: (stream) => {
      open.add(stream);
      return () => void open.delete(stream);
    },
    look: (refusalOf) => {
      for (const stream of open) {
        const refusal = refusalOf(stream);
        if (refusal) stream.end(refusal);
      }
    },
  };
}
