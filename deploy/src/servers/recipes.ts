import { elasticsearch } from './elasticsearch.js';
import { mongodb } from './mongodb.js';
import { nats } from './nats.js';
import { postgres } from './postgres.js';
import { redis, valkey } from './redis.js';
import type { Recipe } from './server.js';
import type { ServerName } from './versions.js';

export const RECIPES: Readonly<Record<ServerName, Recipe>> = { nats, redis, valkey, elasticsearch, postgres, mongodb };
