import { monitorEventLoopDelay } from 'node:perf_hooks';
import { GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';

/** Refuses work while the process cannot keep up, so that what it accepts is still answered in time. */
export interface LoadShedding extends Disposable {
  /** Null while there is room for this operation. */
  refusal(operation: OperationDefinitionNode): GraphQLError | null;
}

export interface SheddingOptions {
  /** Queries are refused while timers of this process come later than this at the median; other operations later. */
  aboveDelayMs: number;
  /** Mutations that are refused last of all: somebody is about to pay. */
  lastRefused: readonly string[];
}

const SAMPLE_MS = 1_000;
const RETRY_AFTER_SECONDS = 1;

export function startLoadShedding(options: SheddingOptions): LoadShedding {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let delayMs = 0;
  const sampling = setInterval(() => {
    // The histogram measures the whole wait of a timer, of which `resolution` was asked for.
    delayMs = Math.max(0, histogram.percentile(50) / 1e6 - 20);
    histogram.reset();
  }, SAMPLE_MS).unref();
  return {
    refusal: (operation) => (delayMs > toleratedDelayMs(operation, options) ? overloaded() : null),
    [Symbol.dispose]: () => {
      clearInterval(sampling);
      histogram.disable();
    },
  };
}

/** First what can be asked again without loss, last what a buyer has worked for: queries, then mutations and live queries, then payment. */
export function toleratedDelayMs(operation: OperationDefinitionNode, { aboveDelayMs, lastRefused }: SheddingOptions): number {
  if (operation.operation === 'query') return aboveDelayMs;
  const isLast = operation.selectionSet.selections.some(
    (selection) => selection.kind === Kind.FIELD && lastRefused.includes(selection.name.value),
  );
  return aboveDelayMs * (isLast ? 4 : 2);
}

function overloaded(): GraphQLError {
  const headers = new Map([['retry-after', String(RETRY_AFTER_SECONDS)]]);
  return new GraphQLError('Too many requests at the moment; try again in a second.', {
    extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: RETRY_AFTER_SECONDS, http: { status: 503, headers } },
  });
}
