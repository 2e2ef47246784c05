import { expect, it } from 'vitest';
import { channelsFor } from './channels.js';

it('a person with an account is told in the shop and by mail, a guest by mail only', () => {
  expect(channelsFor('order-confirmed', true)).toEqual(['IN_APP', 'EMAIL']);
  expect(channelsFor('order-confirmed', false)).toEqual(['EMAIL']);
});
