import { z } from 'zod';
import { event } from './envelope.js';

export const notificationCreated = event(
  'notifications.notification-created.v1',
  'notification',
  'A person with an account has a new notification. Announced only, never stored: whoever follows reads it.',
  z.object({ notificationId: z.string(), userId: z.string() }),
);
