import { z } from 'zod';

/** Thrown at start when the environment is not usable; the message lists every fault, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Parses environment variables. Throws `ConfigError` that names all faulty variables at once, without their values. */
export function readEnvironment<T extends z.ZodType>(schema: T, environment: Readonly<Record<string, string | undefined>>): z.output<T> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The environment is not usable:\n${faults.join('\n')}`);
}

const portFault = 'a port from 0 to 65535';
export const envPort = z.coerce
  .number({ error: portFault })
  .int({ error: portFault })
  .min(0, { error: portFault })
  .max(65535, { error: portFault });
export const envFlag = z.enum(['true', 'false']).transform((text) => text === 'true');
/** A secret of at least 32 characters; several, comma-separated, are all accepted while one is being rotated (the first one signs). */
export const envSecrets = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().min(32, 'every secret needs at least 32 characters')).min(1));
