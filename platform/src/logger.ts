import { pino, type Logger } from 'pino';

export type { Logger };

/** Fields that may appear in a log line. Everything else is left out: a list of what is forbidden is never complete. */
const allowed = new Set([
  'subgraph',
  'requestId',
  'operation',
  'operationName',
  'durationMs',
  'status',
  'code',
  'errorId',
  'err',
  'event',
  'eventType',
  'consumer',
  'aggregateId',
  'attempts',
  'count',
  'orderId',
  'paymentId',
  'sku',
  'port',
  'url',
  'signal',
  'version',
  'reason',
  'row',
  'jobId',
  'clientId',
  'manifest',
  'documentHash',
]);

/** JSON lines on standard error. `level` silent writes nothing. */
export function createLogger(name: string, level: string): Logger {
  return pino(
    {
      name,
      level,
      base: { subgraph: name },
      formatters: { log: (fields) => Object.fromEntries(Object.entries(fields).filter(([key]) => allowed.has(key))) },
      serializers: { err: describeError },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}

/** Name, message and stack; no further properties, which may hold bound parameters or a request. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    message: error.message.slice(0, 500),
    stack: error.stack?.slice(0, 4000),
    cause: error.cause ? describeError(error.cause) : undefined,
  };
}
