import type { JsonObject } from './json.js';

export interface SubgraphRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
  /** The same as JSON, where it is known already. */
  text?: string;
  /** How many representations it asks for, where they need not be counted. */
  entities?: number;
}

export interface SubgraphAnswer {
  data?: JsonObject | null | undefined;
  errors?: readonly SubgraphError[] | undefined;
  /** The same as it was sent, where it was sent and holds data and nothing else. */
  text?: string | undefined;
  /** Where there is a text: the same for somebody else, who may change the data of theirs. */
  copy?(): SubgraphAnswer;
}

export interface SubgraphError {
  message: string;
  path?: readonly (string | number)[] | undefined;
  extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** How the engine reaches one subgraph. `C` is what the host hands through with a request, e.g. who asks; the engine doesn't look at it. */
export interface SubgraphFetcher<C> {
  /** May throw: that is one error, and costs the fields that this fetch was for. The engine may change `data` of the answer. */
  execute(request: SubgraphRequest, context: C, signal: AbortSignal): Promise<SubgraphAnswer>;
  /** Ends with `signal`. An answer instead of a stream says why it did not start. Events are not changed. */
  subscribe(request: SubgraphRequest, context: C, signal: AbortSignal): Promise<AsyncIterable<SubgraphAnswer> | SubgraphAnswer>;
}
