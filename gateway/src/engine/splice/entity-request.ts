import type { FetchNode } from '@apollo/query-planner';
import { isObject, type JsonObject } from '../json.js';
import type { SubgraphRequest } from '../subgraph-fetcher.js';

/** A request for entities that is written already; its variables are read out of it for who looks at them. */
export class EntityRequest implements SubgraphRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly text: string;
  readonly entities: number;

  constructor({ query, operationName }: Pick<SubgraphRequest, 'query' | 'operationName'>, text: string, entities: number) {
    this.query = query;
    this.operationName = operationName;
    this.text = text;
    this.entities = entities;
  }

  get variables(): JsonObject {
    const { variables }: { variables?: unknown } = JSON.parse(this.text);
    return isObject(variables) ? variables : {};
  }

  toJSON(): SubgraphRequest {
    const { query, variables, operationName } = this;
    return { query, variables, operationName };
  }
}

/** Writes requests of one fetch: with the variables that it uses, and the JSON of so many representations, with commas between them. */
export function compileEntityRequest({
  operation,
  operationName,
}: FetchNode): (variables: JsonObject, representations: string, count: number) => EntityRequest {
  const head = { query: operation, operationName };
  const before = `{"query":${JSON.stringify(operation)},"variables":{`;
  const after = operationName === undefined ? ']}}' : `]},"operationName":${JSON.stringify(operationName)}}`;
  return (variables, representations, count) => {
    const others = JSON.stringify(variables).slice(1, -1);
    const text = `${before}${others}${others && ','}"representations":[${representations}${after}`;
    return new EntityRequest(head, text, count);
  };
}
