import { expect, it } from 'vitest';
import { proofOf, proves } from './proof.js';

const secret = 'a-secret-of-at-least-32-characters-for-proofs';

it('proves its subject and nothing else', () => {
  const proof = proofOf('order:1', secret);
  expect(proves(proof, 'order:1', secret)).toBe(true);
  expect(proves(proof, 'order:2', secret)).toBe(false);
  expect(proves(proof, 'order:1', `${secret}!`)).toBe(false);
  expect(proves('', 'order:1', secret)).toBe(false);
});
