import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, withoutChromium } from '../../kit/browser.js';
import { cartOf, placeOrder, someSkus, type CheckoutChoice, type PlacedOrder } from '../../kit/buyer.js';
import type { ShopClient } from '../../kit/shop-client.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';
import { deliverOrder, shipOrder } from '../../kit/staff.js';

describe.skipIf(withoutChromium())('the pages in a browser', () => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    shop = disposables.use(await startTestShop());
    browser = disposables.use(await launchBrowser());
  });
  afterAll(() => disposables.disposeAsync());

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    problems.length = 0;
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('request', (request) => {
      if (!request.url().startsWith(shop.url)) problems.push(`asked elsewhere: ${request.url()}`);
    });
  });
  afterEach(async () => {
    await page.close();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });

  const buy = async (client: ShopClient, choice: CheckoutChoice = {}): Promise<PlacedOrder> => {
    const [sku = ''] = await someSkus(shop, 1);
    return placeOrder(await cartOf(client).with(sku).ready(), choice);
  };
  const steps = () =>
    page.$$eval('#timeline li', (items) =>
      items.map((item) => `${item.getAttribute('data-revision')} ${item.getAttribute('data-status')}`),
    );
  const untilStep = (status: string) => page.waitForSelector(`#timeline li[data-status="${status}"]`);
  const untilConnection = (state: string) => page.waitForSelector(`#connection[data-state="${state}"]`);

  it('say at the start how to sign in and where to go on', async () => {
    await page.goto(shop.url);
    const text = await page.innerText('main');
    for (const fact of ['customer@shop.example', 'staff@shop.example', 'admin@shop.example', 'demo-shop-password'])
      expect(text).toContain(fact);
    for (const place of ['/graphiql', '/track', '/mailbox'])
      expect(await page.locator(`main a[href="${place}"]`).count()).toBeGreaterThan(0);
  });

  it('offer GraphiQL without a network, with an operation that runs', async () => {
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.goto(`${shop.url}/graphiql`);
    await page.click('button[aria-label^="Execute query"]');
    await page.waitForSelector('.result-window .view-line >> text=totalCount');
    expect(await page.innerText('.result-window')).not.toContain('"errors"');
    for (const name of ['Search', 'CreateCart', 'Checkout', 'LiveOrder']) {
      await page.click(`.graphiql-tab-button[title="${name}"]`);
      await page.waitForSelector(`.graphiql-tab[aria-selected="true"] [title="${name}"]`);
    }
  });

  it('follow an order to its delivery over a restart, each step once', async () => {
    const staff = await shop.signedIn('staff@shop.example');
    const { id, number, orderToken } = await buy(shop.guest);
    await page.goto(`${shop.url}/track#${new URLSearchParams({ order: id, token: orderToken }).toString()}`);
    await untilStep('CONFIRMED');
    await untilConnection('live');
    expect(await page.innerText('#order-title')).toBe(`Order ${number}`);

    const lost = untilConnection('lost');
    await shop.restart();
    await lost;
    await shipOrder(staff, id);
    await untilStep('SHIPPED');
    await deliverOrder(staff, id);
    await untilStep('DELIVERED');
    expect(await steps()).toEqual(['1 PLACED', '2 CONFIRMED', '3 SHIPPED', '4 DELIVERED']);
    expect(await page.innerText('#facts')).toContain('Test Post TRACK-1');
  });

  it('send the buyer to the bank when it asks, and go on when she has confirmed', async () => {
    const { id, orderToken } = await buy(shop.guest, { paymentToken: 'pm_card_threeDSecure2Required' });
    await page.goto(`${shop.url}/track#${new URLSearchParams({ order: id, token: orderToken }).toString()}`);
    const [bank] = await Promise.all([page.waitForEvent('popup'), page.getByRole('link', { name: 'Confirm it now' }).click()]);
    await bank.getByRole('button', { name: 'Approve the payment' }).click();
    await untilStep('CONFIRMED');
    await page.locator('#action').waitFor({ state: 'hidden' });
  });

  it('say that an order is not there, or that the token is not valid', async () => {
    const mine = await buy(shop.guest);
    const other = await buy(shop.guest);
    const refusal = async (order: string, token: string) => {
      await page.goto('about:blank');
      await page.goto(`${shop.url}/track`);
      await page.getByLabel('Order id').fill(order);
      await page.getByLabel('Order token').fill(token);
      await page.getByRole('button', { name: 'Follow the order' }).click();
      await untilConnection('stopped');
      expect(await steps()).toEqual([]);
      return page.innerText('#problem');
    };
    expect(await refusal(other.id, mine.orderToken)).toContain('not found');
    expect(await refusal(mine.id, 'no-token-at-all')).toContain('not valid');
  });

  it('show a signed-in person her own orders', async () => {
    const customer = await shop.signedIn('customer@shop.example');
    const { number } = await buy(customer);
    await page.goto(`${shop.url}/track`);
    await page.getByText('With an account').click();
    await page.getByLabel('E-mail').fill('customer@shop.example');
    await page.getByLabel('Password').fill('demo-shop-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: number }).click();
    await untilStep('CONFIRMED');
  });

  it('show the mail that confirms an order as soon as it is there', async () => {
    await page.goto(`${shop.url}/mailbox`);
    const { number } = await buy(shop.guest, { email: 'reader@shop.example' });
    await page.locator('#mails li', { hasText: 'reader@shop.example' }).locator('a', { hasText: number }).first().click();
    await page.waitForSelector('h1');
    expect(await page.innerText('main')).toContain(number);
  });
});
