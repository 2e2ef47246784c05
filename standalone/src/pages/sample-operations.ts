import { readFile } from 'node:fs/promises';

export interface SampleOperation {
  query: string;
  /** JSON, as a person edits it. */
  variables?: string;
  headers?: string;
}

const folder = new URL('../../../schema/operations/api/', import.meta.url);

/** The text of one file of operations, e.g. `browse`. Throws when there is none. */
export function readOperation(name: string): Promise<string> {
  return readFile(new URL(`${name}.graphql`, folder), 'utf8');
}

/** What the tabs of GraphiQL hold: from browsing to a live order, in the order in which they are tried. */
export function sampleOperations(): Promise<SampleOperation[]> {
  return Promise.all(tabs.map(async ({ name, ...rest }) => ({ query: await readOperation(name), ...filledIn(rest) })));
}

const address = {
  fullName: 'Anna Example',
  line1: 'Hauptstr. 1',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
};

const tabs: readonly { name: string; variables?: object; headers?: object }[] = [
  { name: 'browse' },
  { name: 'search', variables: { words: 'shirt', first: 10 } },
  {
    name: 'cart',
    variables: {
      cartId: 'the id that CreateCart answered',
      lines: [{ sku: 'a sku of the first tab', quantity: 1 }],
      address,
      deliveryOptionCode: 'standard',
    },
  },
  {
    name: 'checkout',
    variables: {
      input: {
        cartId: 'the id of the cart',
        expectedTotal: { amountMinor: 0, currency: 'EUR' },
        email: 'anna@shop.example',
        paymentToken: 'pm_card_visa',
        idempotencyKey: 'my-first-order',
      },
    },
  },
  {
    name: 'live-order',
    variables: { orderId: 'the id of the order', afterRevision: 0 },
    headers: { authorization: 'Bearer the-order-token' },
  },
];

function filledIn({ variables, headers }: { variables?: object; headers?: object }): Omit<SampleOperation, 'query'> {
  return { ...(variables && { variables: editable(variables) }), ...(headers && { headers: editable(headers) }) };
}

const editable = (value: object): string => JSON.stringify(value, null, 2);
