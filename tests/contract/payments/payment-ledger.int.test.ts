import { seedPayments } from '@shop/payments/seed';
import { newId } from '@shop/platform/ids';
import { expect, test } from 'vitest';
import { balanceOf, captured, eur, startWorld, statusOf } from './payments-world.js';

test('the ledger takes no change and nothing that does not add up', async () => {
  await using world = await startWorld();
  const paymentId = await captured(world, newId());
  await expect(world.sql('update ledger_entry set amount_minor = 1')).rejects.toThrow('append-only');
  await expect(world.sql('delete from ledger_entry')).rejects.toThrow('append-only');
  const lone = `insert into ledger_entry (booking_id, payment_id, account, amount_minor, currency, booked_at) values ('x', $1, 'customer', 1, 'EUR', now())`;
  await expect(world.sql(lone, [paymentId])).rejects.toThrow('does not add up');
});

test('seeded payments agree with their ledger, and seeding again adds nothing', async () => {
  await using world = await startWorld();
  const base = { orderNumber: 'N', customerId: null, email: 'a@b.test', locale: 'en', amount: eur(900), createdAt: new Date('2026-01-01') };
  const method = { brand: 'visa', last4: '4242', expiryMonth: 1, expiryYear: 2030 };
  const refunds = [{ id: newId(), amountMinor: 400, reason: 'late', createdAt: new Date('2026-01-02') }];
  const [open, paid, back, gone] = [newId(), newId(), newId(), newId()];
  const payments = [
    { ...base, id: newId(), orderId: open, state: 'authorized' as const, providerId: 'pi_1', method },
    { ...base, id: newId(), orderId: paid, state: 'captured' as const, providerId: 'pi_2', method },
    { ...base, id: newId(), orderId: back, state: 'captured' as const, providerId: 'pi_3', method, refunds },
    { ...base, id: newId(), orderId: gone, state: 'declined' as const, providerId: null, method: null },
  ];
  await seedPayments(world.config.databaseUrl, payments);
  await seedPayments(world.config.databaseUrl, payments);
  expect(await Promise.all([open, paid, back, gone].map((id) => statusOf(world, id)))).toEqual([
    'AUTHORIZED',
    'CAPTURED',
    'PARTIALLY_REFUNDED',
    'DECLINED',
  ]);
  expect(await Promise.all([open, paid, back, gone].map((id) => balanceOf(world, id)))).toEqual([0, 900, 500, 0]);
});
