import { z } from 'zod';
import { envPort, readEnvironment } from '@shop/platform/config';

const environmentSchema = z.object({
  PORT: envPort.default(4000),
  SHOP_URL: z.url().optional(),
  SHOP_EMAIL: z.string().default('admin@shop.example'),
  SHOP_PASSWORD: z.string().default('demo-shop-password'),
});

/** Which shop to import into, and as whom; the demo shop on this machine by default. */
export interface ImportConfig {
  url: string;
  email: string;
  password: string;
}

export function readImportConfig(environment: NodeJS.ProcessEnv = process.env): ImportConfig {
  const { PORT, SHOP_URL, SHOP_EMAIL, SHOP_PASSWORD } = readEnvironment(environmentSchema, environment);
  return { url: SHOP_URL ?? `http://127.0.0.1:${PORT}`, email: SHOP_EMAIL, password: SHOP_PASSWORD };
}
