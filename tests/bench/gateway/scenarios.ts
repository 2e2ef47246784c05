/** A request as a client sends it. */
export interface BenchRequest {
  body: string;
  authorization: string;
}

export interface Scenario {
  name: string;
  /** The nth request. */
  request(n: number): BenchRequest;
}

const PAGE = `query Page($first: Int!, $page: Int!) { products(first: $first, page: $page) {
  id name description price { amountMinor currency } stock { quantity warehouse }
  reviews { id stars text author { id name } } } }`;

const ONE = 'query One($id: ID!) { product(id: $id) { id name price { amountMinor currency } } }';

/** So many that no two of the requests that are under way ask the same, so few that subgraphs know the answers. */
const PAGES = 200;

const same = (query: string, variables: object): Scenario['request'] => {
  const request = { body: JSON.stringify({ query, variables }), authorization: 'Bearer the-same' };
  return () => request;
};

/** One fetch; four subgraphs in three stages, lists in lists; the same with nothing to share; the same ten times as long. */
export const scenarios: readonly Scenario[] = [
  { name: 'one fetch', request: same(ONE, { id: 'p1' }) },
  { name: 'four subgraphs', request: same(PAGE, { first: 20, page: 1 }) },
  {
    name: 'all different',
    request: (n) => ({
      body: JSON.stringify({ query: PAGE, variables: { first: 20, page: n % PAGES } }),
      authorization: `Bearer of-request-${n}`,
    }),
  },
  { name: 'large', request: same(PAGE, { first: 200, page: 1 }) },
];
