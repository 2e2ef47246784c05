/** Those with an outbox or dead letters of their own. Search has neither: what it could not handle stands in its log. */
export const SERVICES = ['users', 'catalog', 'cart', 'orders', 'payments', 'inventory', 'notifications'] as const;

export type Service = (typeof SERVICES)[number];
