import { z } from 'zod';
import { event } from './envelope.js';

export const cartChanged = event(
  'cart.cart-changed.v1',
  'cart',
  'A cart has a new version. Announced only, never stored: whoever follows a cart reads it.',
  z.object({ cartId: z.string(), version: z.int() }),
);
