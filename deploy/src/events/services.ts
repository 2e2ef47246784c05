import { SUBGRAPHS_WITH_DATABASE, type SubgraphWithDatabase } from '@shop/standalone/shop-databases';

/** Those with an outbox or dead letters of their own. Search has neither: what it could not handle stands in its log. */
export const SERVICES = SUBGRAPHS_WITH_DATABASE;

export type Service = SubgraphWithDatabase;
