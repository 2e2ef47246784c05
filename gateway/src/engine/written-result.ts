import type { ExecutionResult } from 'graphql';
import { isObject, type JsonObject } from './json.js';

/** A result without errors that exists as the text that clients get; its data are read out of it for who asks for them. */
export class WrittenResult implements ExecutionResult<JsonObject> {
  readonly text: string;
  #data: JsonObject | null | undefined;

  /** The text is that of an object with `data`. */
  constructor(text: string) {
    this.text = text;
  }

  get data(): JsonObject | null {
    return (this.#data ??= dataOf(this.text));
  }
}

function dataOf(text: string): JsonObject | null {
  const result: unknown = JSON.parse(text);
  return isObject(result) && isObject(result['data']) ? result['data'] : null;
}
