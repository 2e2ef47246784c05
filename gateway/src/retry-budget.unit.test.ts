import { describe, expect, it } from 'vitest';
import { retryBudget, type RetryBudget } from './retry-budget.js';

const spent = (budget: RetryBudget, tries: number) => Array.from({ length: tries }, () => budget.spend()).filter(Boolean).length;

describe('repetitions', () => {
  it('are a few at first', () => {
    expect(spent(retryBudget(0.1), 50)).toBe(10);
  });

  it('are a tenth of all calls after that', () => {
    const budget = retryBudget(0.1);
    spent(budget, 50);
    for (let call = 0; call < 205; call++) budget.earn();
    expect(spent(budget, 50)).toBe(20);
  });

  it('are not saved up for a storm', () => {
    const budget = retryBudget(0.1);
    for (let call = 0; call < 100_000; call++) budget.earn();
    expect(spent(budget, 1_000)).toBe(100);
  });
});
