import { html, type Html } from './html.js';
import type { Page } from './layout.js';

export interface DemoSignIn {
  email: string;
  /** e.g. `customer`, for the reader. */
  role: string;
}

export interface StartPageFacts {
  /** Where the shop answers, e.g. `http://localhost:4000`. */
  address: string;
  signIns: readonly DemoSignIn[];
  password: string;
}

const subgraphs = [
  ['users', 'who somebody is, sessions, addresses'],
  ['catalog', 'products, variants, categories'],
  ['search', 'words, facets, suggestions'],
  ['cart', 'carts, prices added up, delivery'],
  ['orders', 'checkout, shipments, the timeline'],
  ['payments', 'cards, captures, refunds'],
  ['inventory', 'stock in every warehouse'],
  ['notifications', 'what people hear by mail and in the app'],
] as const;

const cards = [
  ['pm_card_visa', 'is approved'],
  ['pm_card_visa_chargeDeclined', 'is declined, and the order is rejected'],
  ['pm_card_threeDSecure2Required', 'asks the buyer to confirm: /track shows the link'],
  ['pm_sandbox_slow', 'is approved late'],
] as const;

/** What runs here, where to go, and what to try first. */
export function startPage({ address, signIns, password }: StartPageFacts): Page {
  const main = html`<h1>The shop is running</h1>
    <p class="lead">
      Eight subgraphs behind one gateway, one address for everything: <code>${address}/graphql</code>, over HTTP and WebSocket.
    </p>
    <section aria-labelledby="go">
      <h2 id="go">Where to go</h2>
      <ul class="cards">
        <li>
          <a href="/graphiql">GraphiQL</a>
          <p>Ask the whole graph. Tabs are prepared from browsing to a live order.</p>
        </li>
        <li>
          <a href="/track">Track an order</a>
          <p>Every step of an order, as it happens.</p>
        </li>
        <li>
          <a href="/mailbox">Mailbox</a>
          <p>The mails that the shop sent. None leaves this machine.</p>
        </li>
      </ul>
    </section>
    <section aria-labelledby="try">
      <h2 id="try">Three things to try</h2>
      <ol class="steps">
        <li>In <a href="/graphiql">GraphiQL</a>, go through the tabs: browse, search, fill a cart and check out. No account is needed.</li>
        <li>
          Take the order’s <code>id</code> and <code>orderToken</code> from the answer to <a href="/track">the tracking page</a> and watch
          the order move. Restart the shop meanwhile: no step is lost.
        </li>
        <li>
          Read the confirmation in the <a href="/mailbox">mailbox</a>. Then check out once more with the card
          <code>pm_card_visa_chargeDeclined</code>.
        </li>
      </ol>
    </section>
    ${signIns.length > 0 ? signInSection(signIns, password) : null}
    <section aria-labelledby="cards">
      <h2 id="cards">Test cards</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">paymentToken</th>
              <th scope="col">What happens</th>
            </tr>
          </thead>
          <tbody>
            ${cards.map(
              ([token, outcome]) =>
                html`<tr>
                  <td><code>${token}</code></td>
                  <td>${outcome}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>
    <section aria-labelledby="runs">
      <h2 id="runs">What runs</h2>
      <dl class="facts">
        <div>
          <dt>gateway</dt>
          <dd>the one endpoint: identity, limits, query planning, subscriptions</dd>
        </div>
        ${subgraphs.map(
          ([name, what]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${what}</dd>
            </div>`,
        )}
      </dl>
    </section>`;
  return { title: 'Start', path: '/', main };
}

const signInSection = (signIns: readonly DemoSignIn[], password: string): Html =>
  html`<section aria-labelledby="sign-ins">
    <h2 id="sign-ins">Demo sign-ins</h2>
    <p>
      The password of all of them is <code>${password}</code>. Sign in by the mutation <code>signIn</code> and send the
      <code>accessToken</code> as <code>Authorization: Bearer …</code>, or use the form on <a href="/track">the tracking page</a>.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">E-mail</th>
            <th scope="col">Role</th>
          </tr>
        </thead>
        <tbody>
          ${signIns.map(
            ({ email, role }) =>
              html`<tr>
                <td><code>${email}</code></td>
                <td>${role}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
