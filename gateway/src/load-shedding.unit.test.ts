import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { toleratedDelayMs } from './load-shedding.js';

const tolerated = (text: string) => {
  const operation = getOperationAST(parse(text));
  return operation && toleratedDelayMs(operation, { aboveDelayMs: 200, lastRefused: ['checkout'] });
};

describe('under too much load', () => {
  it('queries are refused first, then what fills a cart, and a checkout last', () => {
    expect([
      tolerated('{ products { totalCount } }'),
      tolerated('mutation { addCartLines { __typename } }'),
      tolerated('mutation { buy: checkout { __typename } }'),
    ]).toEqual([200, 400, 800]);
  });

  it('live queries go on longer than queries', () => {
    expect(tolerated('subscription { orderStatusChanged { status } }')).toBe(400);
  });
});
