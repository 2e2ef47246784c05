import type { FetchNode } from '@apollo/query-planner';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { OperationParts } from '../collect-fields.js';
import { fragmentsOf } from '../fragments.js';
import { requestOf, type FetchParts, type Run } from '../fetch.js';
import type { SubgraphRequest } from '../subgraph-fetcher.js';
import { skip, type Cursor } from './cursor.js';
import { compileEntityRequest } from './entity-request.js';
import { NotSpliceable, type LayoutParts, type SplicedFetch } from './selections.js';
import { copyAnswer, objectsAt, type SplicedObject } from './spliced-object.js';
import { batchOf, type TextBatch } from './text-batch.js';

/** `unexpected`: an answer is of another form, an error, a null that is not allowed. `unanswered`: a subgraph is away, or the client is. */
export type Unspliced = { kind: 'unexpected' } | { kind: 'unanswered' };

export interface SpliceParts<C> extends FetchParts<C>, Pick<LayoutParts, 'client' | 'schema'> {}

/** An execution by texts. */
export interface Splicing<C> {
  run: Run<C>;
  root: SplicedObject;
  /** Set: nothing more is asked. */
  fault: Unspliced | null;
  /** What was asked last, until an answer comes: the next one may ask for the same objects. */
  asked: Asked | null;
}

/** `what`: the same for fetches that say the same of the objects at one path. */
interface Asked {
  what: string;
  objects: number;
  batch: TextBatch;
}

/** False when it cannot go on. */
export type Step<C> = (splicing: Splicing<C>) => Promise<boolean>;

/** The same; may throw. */
type FetchStep<C> = (splicing: Splicing<C>) => Promise<boolean> | boolean;

export const UNEXPECTED: Unspliced = { kind: 'unexpected' };
const UNANSWERED: Unspliced = { kind: 'unanswered' };

/** Asks a subgraph, and puts what it answers into the objects that it is for. Adds the fetch to those of the plan. */
export function compileFetch<C>(node: FetchNode, path: readonly string[], fetches: SplicedFetch[], parts: SpliceParts<C>): Step<C> {
  if (node.inputRewrites?.length || node.outputRewrites?.length || node.contextRewrites?.length)
    throw new NotSpliceable('Values are changed on their way.');
  const { requires } = node;
  if (!requires && path.length > 0) throw new NotSpliceable('The root is asked further down.');
  const index = fetches.length;
  const { selectionSet, fragments } = selectionsOf(node);
  fetches.push({ index, path, selectionSet, fragments, requires: requires ?? [] });
  const step = requires ? entityStep(node, index, path, parts) : rootStep(node, index, parts);
  return async (splicing) => {
    try {
      if (!splicing.fault && (await step(splicing))) return true;
    } catch {
      // What is too much for a regular expression is thrown.
    }
    splicing.fault ??= UNEXPECTED;
    return false;
  };
}

function rootStep<C>(node: FetchNode, index: number, parts: SpliceParts<C>): FetchStep<C> {
  const ask = compileAsk(node, parts);
  return (splicing) =>
    ask(splicing, requestOf(node, splicing.run.variables), (cursor) => {
      return skip(cursor, '{"data":') && readAll([splicing.root], index, cursor) && skip(cursor, '}') && isAtEnd(cursor);
    });
}

function entityStep<C>(node: FetchNode, index: number, path: readonly string[], parts: SpliceParts<C>): FetchStep<C> {
  const ask = compileAsk(node, parts);
  const requestFor = compileEntityRequest(node);
  const what = JSON.stringify([path, node.requires]);
  return (splicing) => {
    const asked = splicing.asked?.what === what ? splicing.asked : askedAt(splicing.root, path, index, what);
    if (!asked) return false;
    splicing.asked = asked;
    const { text, waiting } = asked.batch;
    if (waiting.length === 0) return true;
    parts.onBatch?.(asked.objects, waiting.length);
    const { variables } = requestOf(node, splicing.run.variables);
    return ask(splicing, requestFor(variables, text, waiting.length), (cursor) => {
      if (!skip(cursor, '{"data":{"_entities":[')) return false;
      for (let i = 0; i < waiting.length; i++) if ((i > 0 && !skip(cursor, ',')) || !readAll(waiting[i] ?? [], index, cursor)) return false;
      return skip(cursor, ']}}') && isAtEnd(cursor);
    });
  };
}

/** Null when something of an object is not known. */
function askedAt(root: SplicedObject, path: readonly string[], fetch: number, what: string): Asked | null {
  const objects = objectsAt(root, path);
  const batch = batchOf(objects, fetch);
  return batch && { what, objects: objects.length, batch };
}

/** One text for all of these, which are the same; but clients may want other parts of each. */
function readAll(objects: readonly SplicedObject[], fetch: number, cursor: Cursor): boolean {
  const start = cursor.at;
  const [first] = objects;
  const answer = first?.layout.answers[fetch];
  if (!first || !answer?.read(cursor, first)) return false;
  for (const object of objects) {
    if (object === first) continue;
    if (object.layout === first.layout) copyAnswer(answer, first, object);
    else {
      cursor.at = start;
      if (!object.layout.answers[fetch]?.read(cursor, object)) return false;
    }
  }
  return true;
}

function isAtEnd({ text, at }: Cursor): boolean {
  return text.slice(at).trim() === '';
}

/** Asks, remembers what was answered, and reads it. False when there is no answer, or not as a text, or not as expected. */
function compileAsk<C>(
  node: FetchNode,
  { fetchers }: SpliceParts<C>,
): (splicing: Splicing<C>, request: SubgraphRequest, read: (cursor: Cursor) => boolean) => Promise<boolean> {
  const fetcher = fetchers.get(node.serviceName);
  if (!fetcher) throw new Error(`There is no subgraph ${node.serviceName} to ask.`);
  return async (splicing, request, read) => {
    const { run } = splicing;
    const answer = fetcher.execute(request, run.context, run.signal);
    run.told.set(node, { request, answer });
    let text: string | undefined;
    try {
      ({ text } = await answer);
    } catch {
      splicing.fault ??= UNANSWERED;
      return false;
    }
    splicing.asked = null;
    return text !== undefined && read({ text, at: 0 });
  };
}

/** What a fetch selects of the objects that it is for. */
function selectionsOf({ operation, requires }: FetchNode): { selectionSet: SelectionSetNode; fragments: OperationParts['fragments'] } {
  const document = parse(operation, { noLocation: true });
  const fragments = fragmentsOf(document);
  const asked = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (!asked) throw new NotSpliceable('A fetch asks nothing.');
  if (!requires) return { selectionSet: asked.selectionSet, fragments };
  const [entities] = asked.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet) throw new NotSpliceable('A fetch of entities asks for none.');
  return { selectionSet: entities.selectionSet, fragments };
}
