import type { AuthorizationOptions } from '../engine/plan-cache.js';

/** The word for it that security directives are for the subgraphs to enforce. */
export const leftToSubgraphs = 'off';

/** What becomes of fields that security directives guard, before an engine that knows nobody. */
export const securityEnforcements = ['filter', 'reject', leftToSubgraphs] as const;
export type SecurityEnforcement = (typeof securityEnforcements)[number];

/** Nobody has signed in, holds a scope or fulfils a policy; empty where subgraphs decide. */
export function enforcing(enforcement: SecurityEnforcement): { authorization?: AuthorizationOptions<unknown> } {
  if (enforcement === leftToSubgraphs) return {};
  return { authorization: { mode: enforcement, claims: () => ({ isAuthenticated: false, scopes: [] }) } };
}
