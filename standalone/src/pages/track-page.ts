import { html, jsonBlock } from './html.js';
import type { Page } from './layout.js';

/** An order followed live. The page itself knows no order: id and token stay in the browser. Fields have no names, so no form ever sends them. */
export function trackPage(operations: string): Page {
  const main = html`<h1>Track an order</h1>
    <noscript><p class="notice">Following an order live needs JavaScript.</p></noscript>
    <div class="doors">
      <form id="by-token" class="panel">
        <h2>With the order’s token</h2>
        <label for="order">Order id</label><input id="order" required autocomplete="off" spellcheck="false" maxlength="100" />
        <label for="token">Order token</label><input id="token" required autocomplete="off" spellcheck="false" maxlength="4000" />
        <p class="hint">Both are in the answer of the checkout.</p>
        <button type="submit">Follow the order</button>
      </form>
      <details class="panel" id="signed-in">
        <summary>With an account</summary>
        <form id="sign-in">
          <label for="email">E-mail</label><input id="email" type="email" required autocomplete="username" />
          <label for="password">Password</label><input id="password" type="password" required autocomplete="current-password" />
          <button type="submit">Sign in</button>
        </form>
        <p id="sign-in-problem" class="problem" role="alert"></p>
        <ul id="orders" class="plain" aria-label="Your newest orders"></ul>
      </details>
    </div>
    <section id="tracked" aria-labelledby="order-title" hidden>
      <div class="row">
        <h2 id="order-title">Order</h2>
        <p id="connection" class="badge" role="status" data-state="connecting"></p>
      </div>
      <p id="problem" class="problem" role="alert"></p>
      <p id="action" class="notice" hidden></p>
      <ol id="timeline" class="timeline" aria-live="polite" aria-label="Steps of the order"></ol>
      <div id="facts"></div>
    </section>
    ${jsonBlock('operations', operations)}`;
  return { title: 'Track an order', path: '/track', main, scripts: ['/pages/graphql-ws.js', '/pages/track.js'] };
}
