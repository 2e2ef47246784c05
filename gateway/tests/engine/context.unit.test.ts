import { describe, expect, it } from 'vitest';
import { served } from './served.js';

interface Account {
  id: string;
  currency: string | null;
  plan: { level: number } | null;
  payments: { id: string }[];
}

const account = (id: string, currency: string | null, level: number | null, payments: string[]): Account => ({
  id,
  currency,
  plan: level === null ? null : { level },
  payments: payments.map((payment) => ({ id: payment })),
});
const accounts = [
  account('a', 'EUR', 1, ['p1', 'p2']),
  account('b', 'USD', null, ['p3']),
  account('c', 'EUR', 1, ['p4']),
  account('d', null, 2, ['p5']),
];

const bank = () =>
  served({
    accounts: {
      sdl: `type Query { accounts: [Account!] best: Holder }
        union Holder = Account | Company
        type Account @key(fields: "id") @context(name: "holder") { id: ID! currency: String plan: Plan payments: [Payment!] name: String }
        type Company @key(fields: "id") @context(name: "holder") { id: ID! unit: String payments: [Payment!] name: String }
        type Plan { level: Int }
        type Payment @key(fields: "id") { id: ID! lines: [Line!]
          amount(factor: Int = 1, currency: String @fromContext(field: "$holder ... on Account { currency } ... on Company { unit }")): String }
        type Line @key(fields: "id") { id: ID! text(name: String @fromContext(field: "$holder { name }")): String }`,
      resolvers: {
        Query: {
          accounts: () => accounts,
          best: () => ({ __typename: 'Company', id: 'x', unit: 'GBP', name: 'Best', payments: [{ id: 'p9' }] }),
        },
        Account: { name: ({ id }: Account) => `account ${id}` },
        Payment: {
          __resolveReference: (payment: object) => payment,
          lines: ({ id }: { id: string }) => [{ id: `${id}-1` }, { id: `${id}-2` }],
          amount: ({ id }: { id: string }, { factor, currency }: { factor: number; currency?: string | null }) =>
            `${id} ${factor} ${currency}`,
        },
        Line: {
          __resolveReference: (line: object) => line,
          text: ({ id }: { id: string }, { name }: { name: string }) => `${id} of ${name}`,
        },
      },
    },
    names: {
      sdl: 'type Account @key(fields: "id") { id: ID! nick: String }',
      resolvers: { Account: { nick: ({ id }: Account) => `nick ${id}` } },
    },
  });

describe('an argument from a context', () => {
  it('has the value of the object that it is below, one fetch for each value', async () => {
    const { ask, asked } = bank();
    const { data, errors } = await ask('query Q($f: Int) { accounts { payments { amount(factor: $f) } } }', { f: 2 });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      accounts: [
        { payments: [{ amount: 'p1 2 EUR' }, { amount: 'p2 2 EUR' }] },
        { payments: [{ amount: 'p3 2 USD' }] },
        { payments: [{ amount: 'p4 2 EUR' }] },
        { payments: [{ amount: 'p5 2 null' }] },
      ],
    });
    expect(asked.map(({ variables }) => (variables['representations'] as object[] | undefined)?.length)).toEqual([undefined, 3, 1, 1]);
  });

  it('is found through several levels, and under whatever the client calls things', async () => {
    const { ask } = bank();
    const result = await ask('{ best { ... on Company { name: unit currency: name payments { lines { text } } } } }');
    expect(result).toEqual({
      data: { best: { name: 'GBP', currency: 'Best', payments: [{ lines: [{ text: 'p9-1 of Best' }, { text: 'p9-2 of Best' }] }] } },
    });
  });

  it('is taken from whatever type is there', async () => {
    expect(await bank().ask('{ best { ... on Company { unit: id payments { amount } } } }')).toEqual({
      data: { best: { unit: 'x', payments: [{ amount: 'p9 1 GBP' }] } },
    });
  });

  it('is there when several fields take theirs from one context', async () => {
    expect(await bank().ask('{ best { ... on Company { payments { amount lines { text } } } } }')).toEqual({
      data: { best: { payments: [{ amount: 'p9 1 GBP', lines: [{ text: 'p9-1 of Best' }, { text: 'p9-2 of Best' }] }] } },
    });
  });

  it('that the plan forgets to fetch is an error, not another value', async () => {
    const { ask } = served({
      one: {
        sdl: `type Query { any: Any } union Any = A | B
          type A @key(fields: "id") @context(name: "c") { id: ID! x: String @inaccessible z: String @inaccessible parts: [Part!] }
          type B @key(fields: "id") @context(name: "c") { id: ID! y: String @inaccessible z: String @inaccessible parts: [Part!] }
          type Part @key(fields: "id") { id: ID! deep: Deep first(v: String @fromContext(field: "$c ... on A { x } ... on B { y }")): String }
          type Deep @key(fields: "id") { id: ID! second(v: String @fromContext(field: "$c { z }")): String }`,
        resolvers: {
          Query: { any: () => ({ __typename: 'B', id: 'b', y: 'Y', z: 'Z', parts: [{ id: 'p', deep: { id: 'd' } }] }) },
          Part: { __resolveReference: (part: object) => part, first: (_: unknown, { v }: { v?: string }) => `first ${v}` },
          Deep: { __resolveReference: (deep: object) => deep, second: (_: unknown, { v }: { v?: string }) => `second ${v}` },
        },
      },
    });
    const { data, errors } = await ask('{ any { ... on B { parts { first deep { second } } } } }');
    expect(data).toEqual({ any: { parts: [{ first: null, deep: { second: 'second Z' } }] } });
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([
      ['What an argument is taken from is not known.', ['any', 'parts', 0]],
    ]);
  });
});
