import { ConfigError, type ProcessSettings } from './config.js';
import { armFailpoint } from './failpoint.js';
import { untilSignal } from './lifecycle.js';
import { createLogger, type Logger } from './logger.js';

/** What a process serves. Disposing drains it: it says "not ready", finishes what is under way, and frees everything. */
export interface Service extends AsyncDisposable {
  /** Starts listening; returns the port. */
  listen(port: number, host: string): Promise<number>;
}

export interface ProcessParts<S extends ProcessSettings> {
  /** For the log. */
  name: string;
  /** Reads the environment; throws ConfigError. */
  readEnv(): S;
  /** Throws when the process cannot do its work, e.g. without its database. */
  start(settings: S, logger: Logger): Promise<Service>;
}

/** How a process ends; 0 after a SIGTERM or SIGINT when everything was finished in time. */
const exitCodes = {
  /** It could not start, or not end in order. */
  failed: 1,
  /** The environment is not usable (EX_CONFIG of sysexits.h): starting again helps nothing. */
  unusableEnvironment: 78,
} as const;

/** An orchestrator kills after 30 s; who is killed by himself before that says so in his exit status. */
const MAX_STOP_MS = 25_000;

/**
 * Runs one process of the shop from its environment until SIGTERM or SIGINT, then drains it. A second signal ends it at once, and so does
 * a drain that takes longer than 25 s (SIGKILL). Sets the exit code; never throws.
 */
export async function runProcess<S extends ProcessSettings>({ name, readEnv, start }: ProcessParts<S>): Promise<void> {
  const signalled = untilSignal();
  const settings = usable(name, readEnv);
  if (!settings) return;
  const logger = createLogger(name, settings.logLevel);
  void signalled.then(endInTime);
  try {
    await using service = await start(settings, logger);
    const port = await service.listen(settings.port, settings.host);
    if (settings.failpoint) armFailpoint(settings.failpoint.name, settings.failpoint.nth);
    logger.info({ port }, 'ready');
    logger.info({ signal: await signalled }, 'draining');
  } catch (err) {
    logger.fatal({ err }, 'failed');
    process.exitCode = exitCodes.failed;
    return;
  }
  logger.info('ended');
}

/** What a process that runs to its end does, e.g. migrations. Sets the exit code; never throws. */
export async function runOnce<S extends { logLevel: string }>(
  name: string,
  readEnv: () => S,
  work: (settings: S, logger: Logger) => Promise<void>,
): Promise<void> {
  const settings = usable(name, readEnv);
  if (!settings) return;
  const logger = createLogger(name, settings.logLevel);
  try {
    await work(settings, logger);
  } catch (err) {
    logger.fatal({ err }, 'failed');
    process.exitCode = exitCodes.failed;
  }
}

function usable<S>(name: string, readEnv: () => S): S | null {
  try {
    return readEnv();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = exitCodes.unusableEnvironment;
    return null;
  }
}

/** Not waited for once all else has ended; until then it keeps nothing from ending the process. */
function endInTime(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), MAX_STOP_MS).unref();
}
