/* global graphqlWs */
/**
 * Follows one order over graphql-transport-ws. After a lost connection it goes on after the last revision it has shown, so that no step is
 * missed or doubled.
 */
'use strict';

const document_ = JSON.parse(document.querySelector('#operations').textContent);
const endpoint = `${location.origin.replace(/^http/, 'ws')}/graphql`;
const byId = (id) => document.getElementById(id);

/** After these the shop sends no further step by itself, so that an end of the stream is the end of the story. */
const lastStatuses = new Set(['DELIVERED', 'CANCELLED', 'REJECTED', 'RETURNED']);
/** Answers that another attempt does not change. */
const finalCodes = new Set([
  'NOT_FOUND',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'BAD_USER_INPUT',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'CARD_NUMBER_REFUSED',
]);
const notFound = 'This order was not found, or the token does not belong to it. Check both and try again.';
const endsUnseen = 3;
const factsEveryMs = 4_000;
const backOffMs = (attempt) => Math.min(10_000, 500 * 2 ** attempt) * (0.75 + Math.random() / 2);

let following = new AbortController();
let session = null;

// ------------------------------------------------------------------ following

/** Shows the order until the story ends, the answer is final, or another order is chosen. `credential.bearer()` is asked at each connection. */
async function follow(orderId, credential) {
  following.abort();
  following = new AbortController();
  const { signal } = following;
  const seen = { orderId, revision: 0, status: null };
  clearOrder();
  let attempt = 0;
  let unseen = 0;
  while (!signal.aborted) {
    showConnection('connecting', attempt === 0 ? 'Connecting …' : 'Connecting again …');
    const outcome = await listen(seen, credential, signal, () => (attempt = 0));
    if (signal.aborted) return;
    if (outcome.kind === 'ended' && lastStatuses.has(seen.status)) return showConnection('finished', 'Finished');
    if (outcome.kind === 'ended' && seen.revision === 0 && ++unseen >= endsUnseen) return refuse(notFound);
    if (outcome.kind === 'refused') return refuse(outcome.message);
    if (outcome.kind === 'forbidden' && !(await credential.renew())) return refuse(credential.refusal);
    const waitMs = backOffMs(attempt++);
    showConnection('lost', `Connection lost, trying again in ${Math.max(1, Math.round(waitMs / 1000))} s`);
    await pause(waitMs, signal);
  }
}

/** One connection, until it ends in whatever way. */
function listen(seen, credential, signal, onStep) {
  return new Promise((resolve) => {
    const client = graphqlWs.createClient({
      url: endpoint,
      connectionParams: () => ({ authorization: `Bearer ${credential.bearer()}` }),
      retryAttempts: 0,
      keepAlive: 10_000,
      connectionAckWaitTimeout: 10_000,
      on: { connected: () => showConnection('live', 'Live') },
    });
    const stopFacts = refreshFacts(client, seen);
    const end = (outcome) => {
      signal.removeEventListener('abort', stop);
      stopFacts();
      void client.dispose();
      resolve(outcome);
    };
    const stop = () => end({ kind: 'stopped' });
    signal.addEventListener('abort', stop, { once: true });
    const variables = { orderId: seen.orderId, afterRevision: seen.revision };
    client.subscribe(
      { query: document_, operationName: 'TrackOrder', variables },
      {
        next: ({ data, errors }) => {
          const step = data?.orderStatusChanged;
          if (step && !signal.aborted) {
            onStep();
            showStep(step, seen);
          } else if (errors) end(judge(errors));
        },
        error: (reason) => end(judge(reason)),
        complete: () => end({ kind: 'ended' }),
      },
    );
  });
}

/** Errors of the operation, or the close event of the socket. */
function judge(reason) {
  if (Array.isArray(reason)) {
    const codes = reason.map(({ extensions }) => extensions?.code);
    if (codes.some((code) => code === 'NOT_FOUND' || code === 'FORBIDDEN')) return { kind: 'refused', message: notFound };
    if (codes.includes('UNAUTHENTICATED')) return { kind: 'forbidden' };
    return codes.some((code) => finalCodes.has(code)) ? { kind: 'refused', message: reason[0].message } : { kind: 'lost' };
  }
  return reason?.code === 4403 || reason?.code === 4401 ? { kind: 'forbidden' } : { kind: 'lost' };
}

/** Parcels and payments move between two steps of the order as well. */
function refreshFacts(client, seen) {
  const timer = setInterval(() => {
    if (document.hidden || seen.revision === 0) return;
    client.subscribe(
      { query: document_, operationName: 'TrackedOrder', variables: { orderId: seen.orderId } },
      { next: ({ data }) => data?.order && showFacts(data.order), error: () => undefined, complete: () => undefined },
    );
  }, factsEveryMs);
  return () => clearInterval(timer);
}

/** Ends early when the network comes back or somebody looks at the page again. */
function pause(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

// ------------------------------------------------------------------ showing

function element(name, properties = {}, ...children) {
  const { data = {}, ...rest } = properties;
  const made = Object.assign(document.createElement(name), rest);
  Object.assign(made.dataset, data);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const wordsOf = (name) =>
  name
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/^./, (first) => first.toUpperCase());
const timeOf = (iso) => element('time', { dateTime: iso }, new Date(iso).toLocaleString());

function clearOrder() {
  byId('tracked').hidden = false;
  byId('timeline').replaceChildren();
  byId('facts').replaceChildren();
  byId('order-title').textContent = 'Order';
  byId('problem').textContent = '';
  byId('action').hidden = true;
}

function showConnection(state, words) {
  const badge = byId('connection');
  badge.dataset.state = state;
  if (badge.textContent !== words) badge.textContent = words;
}

function refuse(message) {
  showConnection('stopped', 'Not connected');
  byId('problem').textContent = message;
}

function showStep({ revision, status, at, message, order }, seen) {
  if (revision <= seen.revision) return;
  seen.revision = revision;
  seen.status = status;
  byId('timeline').append(
    element('li', { data: { revision, status } }, element('strong', {}, wordsOf(status)), timeOf(at), element('p', {}, message)),
  );
  if (order) showFacts(order);
}

function showFacts(order) {
  byId('order-title').textContent = `Order ${order.number}`;
  document.title = `${order.number}: ${wordsOf(order.status)} · Shop`;
  showAction(order.payment);
  const facts = [
    ['Total', order.totals.total.formatted],
    ['Delivery', `${order.deliveryOption.name}, about ${order.deliveryOption.estimatedDays} days`],
    ...(order.payment ? [['Payment', wordsOf(order.payment.status)]] : []),
    ...(order.statusReason ? [['Reason', wordsOf(order.statusReason)]] : []),
  ];
  byId('facts').replaceChildren(
    element(
      'dl',
      { className: 'facts' },
      ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    ),
    element('ul', { className: 'plain' }, ...order.lines.map((line) => element('li', {}, lineText(line)))),
    ...order.shipments.map(parcel),
  );
}

const lineText = ({ quantity, productName, variantName }) =>
  `${quantity} × ${productName}${variantName && variantName !== productName ? `, ${variantName}` : ''}`;

/** The bank's page is shown only where it is a page: a link of another kind is not followed. */
function showAction(payment) {
  const url = payment?.status === 'REQUIRES_ACTION' && /^https?:/.test(payment.nextActionUrl ?? '') ? payment.nextActionUrl : null;
  const notice = byId('action');
  notice.hidden = url === null;
  if (url !== null) {
    notice.replaceChildren(
      'Your bank asks you to confirm the payment: ',
      element('a', { href: url, target: '_blank', rel: 'noopener' }, 'Confirm it now'),
      '.',
    );
  }
}

function parcel({ carrier, trackingNumber, status, events }) {
  const title = `${carrier}${trackingNumber ? ` ${trackingNumber}` : ''}: ${wordsOf(status)}`;
  return element(
    'section',
    { className: 'panel parcel' },
    element('h3', {}, title),
    element(
      'ul',
      { className: 'plain' },
      ...events.map(({ at, location: place, message }) => element('li', {}, timeOf(at), ` ${[place, message].filter(Boolean).join(': ')}`)),
    ),
  );
}

// ------------------------------------------------------------------ who asks

const withToken = (token) => ({
  bearer: () => token,
  renew: async () => false,
  refusal: 'The order token is not valid, or has expired. Check that it is complete.',
});

const withSession = {
  bearer: () => session.accessToken,
  renew: async () => {
    const renewed = await ask('TrackRefresh', { refreshToken: session.refreshToken }).catch(() => null);
    if (!renewed?.refreshSession.accessToken) return false;
    session = renewed.refreshSession;
    return true;
  },
  refusal: 'You are signed out. Sign in again.',
};

async function ask(operationName, variables = {}) {
  const headers = { 'content-type': 'application/json', ...(session && { authorization: `Bearer ${session.accessToken}` }) };
  const body = JSON.stringify({ query: document_, operationName, variables });
  const answer = await fetch('/graphql', { method: 'POST', headers, body, signal: AbortSignal.timeout(15_000) });
  const { data, errors } = await answer.json();
  if (!data) throw new Error(errors?.[0]?.message ?? 'The shop did not answer.');
  return data;
}

async function signIn(email, password) {
  session = null;
  byId('orders').replaceChildren();
  const { signIn: answer } = await ask('TrackSignIn', { email, password });
  if (!answer.accessToken) throw new Error(answer.message);
  session = answer;
  const { me } = await ask('TrackMyOrders');
  const orders = me?.orders?.nodes ?? [];
  byId('orders').replaceChildren(...orders.map(orderChoice));
  if (orders.length === 0) byId('orders').append(element('li', {}, 'No orders yet.'));
}

const orderChoice = ({ id, number, status, totals }) =>
  element(
    'li',
    {},
    element(
      'button',
      { type: 'button', className: 'quiet', onclick: () => void follow(id, withSession) },
      `${number}, ${totals.total.formatted}: ${wordsOf(status)}`,
    ),
  );

// ------------------------------------------------------------------ starting

/** The fragment never reaches a server or its logs; a query is moved over into it. */
function fromAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const query = new URLSearchParams(location.search);
  const order = fragment.get('order') ?? query.get('order');
  const token = fragment.get('token') ?? query.get('token');
  if (!order || !token) return;
  if (location.search) history.replaceState(null, '', `${location.pathname}#${new URLSearchParams({ order, token })}`);
  byId('order').value = order;
  byId('token').value = token;
  void follow(order, withToken(token));
}

byId('by-token').addEventListener('submit', (event) => {
  event.preventDefault();
  const order = byId('order').value.trim();
  const token = byId('token').value.trim();
  history.replaceState(null, '', `${location.pathname}#${new URLSearchParams({ order, token })}`);
  void follow(order, withToken(token));
});

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  byId('sign-in-problem').textContent = '';
  signIn(byId('email').value.trim(), byId('password').value).catch((error) => {
    byId('sign-in-problem').textContent = error.message;
  });
});

addEventListener('hashchange', fromAddress);
fromAddress();
