import type { Subscription } from '@shop/platform/consumer';
import type { UsersServices } from './context.js';

/** Users listens to nobody. */
export const subscriptions: readonly Subscription<UsersServices>[] = [];
