import { randomUUID } from 'node:crypto';

/** What a stranger may have got to know of somebody: only ids, no secrets. */
export interface Ids {
  cartId: string;
  /** Of a guest's cart that its owner has taken over. */
  mergedCartId: string;
  lineId: string;
  orderId: string;
  orderNumber: string;
  orderToken: string;
  orderLineId: string;
  shipmentId: string;
  paymentId: string;
  notificationId: string;
  email: string;
  refreshToken: string;
}

/** Ids of nobody. */
export const nobodys: Ids = {
  cartId: '0198c000-0000-7000-8000-000000000001',
  mergedCartId: '0198c000-0000-7000-8000-000000000008',
  lineId: '0198c000-0000-7000-8000-000000000002',
  orderId: '0198c000-0000-7000-8000-000000000003',
  orderNumber: 'S-999999',
  orderToken: 'of.no.order',
  orderLineId: '0198c000-0000-7000-8000-000000000004',
  shipmentId: '0198c000-0000-7000-8000-000000000005',
  paymentId: '0198c000-0000-7000-8000-000000000006',
  notificationId: '0198c000-0000-7000-8000-000000000007',
  email: 'nobody@shop.example',
  refreshToken: 'of-no-session',
};

export interface Operation {
  /**
   * - `owned`: with somebody's ids a stranger is answered exactly as with those of nobody, and the owner is not;
   * - `alike`: as `owned`, but what is sent does not make anybody the owner;
   * - `staff`: refused to everybody else, whatever the ids;
   * - `own`: takes no id of others and answers with what is the viewer's;
   * - `public`: the same for everybody.
   */
  rule: 'owned' | 'alike' | 'staff' | 'own' | 'public';
  text: string;
  variables?(ids: Ids): Record<string, unknown>;
}

const PERSON =
  'id email displayName addresses { label address { fullName line1 } } cart { id } orders(first: 5) { nodes { number email } } notifications(first: 5) { nodes { id subject body } }';
const ORDER = `id number email status statusReason placedAt shippingAddress { fullName line1 phone } customer { ${PERSON} }
  lines { id sku productName variant { product { name } availability { status quantity } } } timeline { actor message } shipments { id trackingNumber events { message } }
  payment { id status amount { formatted } method { last4 } nextActionUrl order { number email customer { email } } }`;
const CART = 'id version shippingAddress { fullName line1 } lines { id sku quantity } totals { total { formatted } } problems { message }';
const ANY_ERROR = '...anError ...named';
const ERRORS = `fragment anError on UserError { code message } fragment named on NotFoundError { again: message }`;
const cartResult = `{ __typename ... on CartPayload { cart { ${CART} } } ${ANY_ERROR} } } ${ERRORS}`;
const orderResult = `{ __typename ... on OrderPayload { order { ${ORDER} } } ${ANY_ERROR} } } ${ERRORS}`;
const productResult = '{ __typename ... on UserError { code message } } }';
const address = { fullName: 'Sven Stranger', line1: 'Other Street 2', city: 'Berlin', postalCode: '10115', country: 'DE' };
const someProduct = { id: '1', version: 1 };

/** Every root field of the API with the rule that it keeps; the owner's probes run in this order, the ones that use things up last. */
export const operations: Record<string, Operation | Operation[]> = {
  'Query.cart': {
    rule: 'owned',
    text: `query ($id: ID!) { cart(id: $id) { ...c } other: cart(id: $id) { ...c } } fragment c on Cart { ${CART} }`,
    variables: ({ cartId }) => ({ id: cartId }),
  },
  'Query.categories': { rule: 'public', text: '{ categories { name children { name } } }' },
  'Query.category': { rule: 'public', text: '{ category(slug: "home") { name products(first: 2) { nodes { name } } } }' },
  'Query.inventoryItem': { rule: 'staff', text: '{ inventoryItem(sku: "X") { onHand } }' },
  'Query.me': { rule: 'own', text: `{ me { ${PERSON} } myself: me { ${PERSON} } }` },
  'Query.order': [
    {
      rule: 'owned',
      text: `query ($id: ID!) { order(id: $id) { ...o } other: order(id: $id) { ...o } } fragment o on Order { ${ORDER} }`,
      variables: ({ orderId }) => ({ id: orderId }),
    },
    { rule: 'owned', text: `query ($n: String!) { order(number: $n) { ${ORDER} } }`, variables: ({ orderNumber }) => ({ n: orderNumber }) },
  ],
  'Query.orderByToken': {
    rule: 'owned',
    text: `query ($t: String!) { orderByToken(token: $t) { ${ORDER} } }`,
    variables: ({ orderToken }) => ({ t: orderToken }),
  },
  'Query.orders': { rule: 'staff', text: '{ orders(first: 50) { nodes { number email } } }' },
  'Query.apiClients': { rule: 'staff', text: '{ apiClients { id name keyPrefix } }' },
  'Query.product': { rule: 'public', text: '{ product(slug: "nothing") { name } }' },
  'Query.products': { rule: 'public', text: '{ products(first: 2) { nodes { name variants { sku availability { quantity } } } } }' },
  'Query.searchProducts': { rule: 'public', text: '{ searchProducts(query: "Canary") { hits { highlightedName } didYouMean } }' },
  'Query.searchSuggestions': { rule: 'public', text: '{ searchSuggestions(prefix: "Can") { text } }' },
  'Query.warehouses': { rule: 'staff', text: '{ warehouses { code } }' },
  'Subscription.cartChanged': {
    rule: 'owned',
    text: `subscription ($id: ID!) { cartChanged(cartId: $id) { ${CART} } }`,
    variables: ({ cartId }) => ({ id: cartId }),
  },
  'Subscription.notificationReceived': { rule: 'own', text: 'subscription { notificationReceived { id subject body order { number } } }' },
  'Subscription.orderStatusChanged': {
    rule: 'owned',
    text: `subscription ($id: ID!) { orderStatusChanged(orderId: $id, afterRevision: 0) { status message order { ${ORDER} } } }`,
    variables: ({ orderId }) => ({ id: orderId }),
  },
  'Subscription.stockChanged': { rule: 'public', text: 'subscription { stockChanged(skus: ["X"]) { sku } }' },
  'Mutation.addAddress': {
    rule: 'own',
    text: 'mutation ($i: AddAddressInput!) { addAddress(input: $i) { __typename ... on AddressPayload { entry { id address { line1 } } } } }',
    variables: () => ({ i: { address } }),
  },
  'Mutation.addTrackingEvent': {
    rule: 'staff',
    text: `mutation ($i: AddTrackingEventInput!) { addTrackingEvent(input: $i) ${orderResult}`,
    variables: ({ shipmentId }) => ({ i: { shipmentId, status: 'DELIVERED', message: 'x' } }),
  },
  'Mutation.adjustStock': {
    rule: 'staff',
    text: 'mutation ($i: AdjustStockInput!) { adjustStock(input: $i) { __typename } }',
    variables: () => ({ i: { delta: 1, idempotencyKey: randomUUID(), reason: 'x', sku: 'X', warehouseCode: 'BER' } }),
  },
  'Mutation.archiveProduct': {
    rule: 'staff',
    text: `mutation ($id: ID!, $v: Int!) { archiveProduct(id: $id, expectedVersion: $v) ${productResult}`,
    variables: () => ({ id: someProduct.id, v: someProduct.version }),
  },
  'Mutation.createApiClient': {
    rule: 'staff',
    text: 'mutation ($i: CreateApiClientInput!) { createApiClient(input: $i) { __typename ... on ApiClientSecret { apiKey } } }',
    variables: () => ({ i: { name: 'x', manifest: 'x', scopes: [] } }),
  },
  'Mutation.rotateApiClientKey': {
    rule: 'staff',
    text: 'mutation ($id: ID!) { rotateApiClientKey(id: $id) { __typename ... on ApiClientSecret { apiKey } } }',
    variables: () => ({ id: nobodys.orderId }),
  },
  'Mutation.revokeApiClient': {
    rule: 'staff',
    text: 'mutation ($id: ID!) { revokeApiClient(id: $id) }',
    variables: () => ({ id: nobodys.orderId }),
  },
  'Mutation.createCart': { rule: 'own', text: `mutation { createCart { cart { ${CART} } } }` },
  'Mutation.createProduct': {
    rule: 'staff',
    text: `mutation ($i: CreateProductInput!) { createProduct(input: $i) ${productResult}`,
    variables: () => ({ i: { categorySlugs: [], description: 'x', name: 'x', slug: 'x', variants: [] } }),
  },
  'Mutation.createShipment': {
    rule: 'staff',
    text: `mutation ($i: CreateShipmentInput!) { createShipment(input: $i) ${orderResult}`,
    variables: ({ orderId, orderLineId }) => ({ i: { carrier: 'x', orderId, lines: [{ orderLineId, quantity: 1 }] } }),
  },
  'Mutation.publishProduct': {
    rule: 'staff',
    text: `mutation ($id: ID!, $v: Int!) { publishProduct(id: $id, expectedVersion: $v) ${productResult}`,
    variables: () => ({ id: someProduct.id, v: someProduct.version }),
  },
  'Mutation.receiveStock': {
    rule: 'staff',
    text: 'mutation ($i: ReceiveStockInput!) { receiveStock(input: $i) { __typename } }',
    variables: () => ({ i: { idempotencyKey: randomUUID(), quantity: 1, reference: 'x', sku: 'X', warehouseCode: 'BER' } }),
  },
  'Mutation.refundPayment': {
    rule: 'staff',
    text: `mutation ($i: RefundPaymentInput!) { refundPayment(input: $i) { __typename ... on PaymentPayload { payment { id order { email } } } ${ANY_ERROR} } } ${ERRORS}`,
    variables: ({ paymentId }) => ({ i: { paymentId, reason: 'x', idempotencyKey: randomUUID() } }),
  },
  'Mutation.setPrices': {
    rule: 'staff',
    text: `mutation ($i: SetPricesInput!) { setPrices(input: $i) ${productResult}`,
    variables: () => ({ i: { productId: someProduct.id, expectedVersion: someProduct.version, prices: [] } }),
  },
  'Mutation.updateProduct': {
    rule: 'staff',
    text: `mutation ($i: UpdateProductInput!) { updateProduct(input: $i) ${productResult}`,
    variables: () => ({ i: { id: someProduct.id, expectedVersion: someProduct.version, name: 'x' } }),
  },
  'Mutation.registerUser': {
    rule: 'own',
    text: `mutation ($i: RegisterUserInput!) { registerUser(input: $i) { __typename ... on AuthSession { user { ${PERSON} } } ... on UserError { code message } } }`,
    variables: ({ email }) => ({ i: { email, displayName: 'Sven Stranger', password: 'a-password-of-a-stranger' } }),
  },
  'Mutation.markNotificationRead': {
    rule: 'owned',
    text: `mutation ($id: ID!) { markNotificationRead(id: $id) { __typename ... on NotificationPayload { notification { id subject body order { ${ORDER} } } } ${ANY_ERROR} } } ${ERRORS}`,
    variables: ({ notificationId }) => ({ id: notificationId }),
  },
  'Mutation.addCartLines': {
    rule: 'owned',
    text: `mutation ($i: AddCartLinesInput!) { addCartLines(input: $i) ${cartResult}`,
    variables: ({ cartId }) => ({ i: { cartId, lines: [{ sku: 'X', quantity: 1 }] } }),
  },
  'Mutation.setCartDelivery': {
    rule: 'owned',
    text: `mutation ($i: SetCartDeliveryInput!) { setCartDelivery(input: $i) ${cartResult}`,
    variables: ({ cartId }) => ({ i: { cartId, deliveryOptionCode: 'standard' } }),
  },
  'Mutation.updateCartLine': {
    rule: 'owned',
    text: `mutation ($i: UpdateCartLineInput!) { updateCartLine(input: $i) ${cartResult}`,
    variables: ({ cartId, lineId }) => ({ i: { cartId, lineId, quantity: 2 } }),
  },
  'Mutation.mergeCart': [
    {
      rule: 'owned',
      text: `mutation ($id: ID!) { mergeCart(guestCartId: $id) ${cartResult}`,
      variables: ({ cartId }) => ({ id: cartId }),
    },
    {
      rule: 'owned',
      text: `mutation ($id: ID!) { again: mergeCart(guestCartId: $id) ${cartResult}`,
      variables: ({ mergedCartId }) => ({ id: mergedCartId }),
    },
  ],
  'Mutation.checkout': {
    rule: 'owned',
    text: `mutation ($i: CheckoutInput!) { checkout(input: $i) { __typename ... on CheckoutPayload { orderToken order { ${ORDER} } } ... on PriceChangedError { currentTotal { formatted } } ... on CartNotReadyError { problems { message } } ${ANY_ERROR} } } ${ERRORS}`,
    variables: ({ cartId }) => ({
      i: {
        cartId,
        email: 'stranger@shop.example',
        expectedTotal: { amountMinor: 1, currency: 'EUR' },
        idempotencyKey: randomUUID(),
        paymentToken: 'pm_card_visa',
      },
    }),
  },
  'Mutation.cancelOrder': {
    rule: 'owned',
    text: `mutation ($i: CancelOrderInput!) { cancelOrder(input: $i) ${orderResult}`,
    variables: ({ orderId }) => ({ i: { orderId } }),
  },
  'Mutation.signIn': {
    rule: 'alike',
    text: `mutation ($email: EmailAddress!) { signIn(email: $email, password: "not-the-password-at-all") { __typename ... on AuthSession { accessToken user { ${PERSON} } } ... on UserError { code message } } }`,
    variables: ({ email }) => ({ email }),
  },
  'Mutation.refreshSession': {
    rule: 'alike',
    text: `mutation ($t: String!) { refreshSession(refreshToken: $t) { __typename ... on AuthSession { accessToken user { ${PERSON} } } ... on UserError { code message } } }`,
    variables: ({ refreshToken }) => ({ t: refreshToken }),
  },
  'Mutation.signOut': { rule: 'own', text: 'mutation { signOut }' },
};
