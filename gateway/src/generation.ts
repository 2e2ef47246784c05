import { setImmediate } from 'node:timers/promises';
import { Kind, parse, type DocumentNode } from 'graphql';
import type { Logger } from '@shop/platform/logger';
import type { Engine } from './engine.js';
import type { PlanRequest } from './engine/plan-cache.js';
import type { OperationCheck } from './operation-check.js';

/** Everything that depends on one supergraph. */
export interface Generation {
  engine: Engine;
  check: SchemaCheck;
}

/** What is judged by a schema. */
export type SchemaCheck = Omit<OperationCheck, 'afford' | 'streamOf'>;

export interface WarmingParts {
  /** Texts that have to fit every schema. */
  registered(): readonly string[];
  documentIn(generation: Generation, text: string): ReturnType<OperationCheck['document']>;
  logger: Logger;
}

/** Plans operations before anybody asks for them, each text once; what cannot be planned is logged. Returns how many are known to the schema. */
export async function warmGeneration(
  generation: Generation,
  texts: readonly string[],
  { registered, documentIn, logger }: WarmingParts,
): Promise<number> {
  const isRegistered = new Set(registered());
  let count = 0;
  for (const text of new Set(texts)) {
    // One at a time: requests are answered in between.
    await setImmediate();
    const checked = documentIn(generation, text);
    if (checked.kind === 'refused') {
      if (isRegistered.has(text)) logger.warn({ err: checked.errors[0] }, 'a registered operation does not fit the schema');
      continue;
    }
    const faults = (await generation.engine.plans?.warm(operationsOf(checked.document))) ?? [];
    for (const { error } of faults) logger.warn({ err: error }, 'an operation could not be planned ahead');
    count++;
  }
  return count;
}

/** Throws when nothing can be planned: what plans, plans elsewhere, and is only now found to start. */
export async function refuseUnplannable({ engine }: Generation): Promise<void> {
  const [fault] = (await engine.plans?.warm(operationsOf(parse('{ __typename }')))) ?? [];
  if (fault) throw fault.error;
}

function operationsOf(document: DocumentNode): PlanRequest[] {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.map(({ name }) => ({ document, operationName: operations.length > 1 ? name?.value : undefined }));
}
