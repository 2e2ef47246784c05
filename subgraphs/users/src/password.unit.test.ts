import { expect, test } from 'vitest';
import { needsRehash, startPasswords } from './password.js';

test('a password matches its own hash and no other does', async () => {
  const passwords = await startPasswords();
  const stored = await passwords.hash('correct horse battery');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.verify('correct horse battery', stored)).toBe(true);
  expect(await passwords.verify('correct horse batterx', stored)).toBe(false);
  expect(await passwords.verify('correct horse battery', null)).toBe(false);
});

test('the same password has another hash each time', async () => {
  const passwords = await startPasswords();
  expect(await passwords.hash('correct horse battery')).not.toBe(await passwords.hash('correct horse battery'));
});

test('two spellings of one Unicode text are one password', async () => {
  const passwords = await startPasswords();
  expect(await passwords.verify('Cafe\u0301-Cre\u0300me', await passwords.hash('Caf\u00e9-Cr\u00e8me'))).toBe(true);
});

test('an overlong password is wrong although it starts with the right one', async () => {
  const passwords = await startPasswords();
  const stored = await passwords.hash('x'.repeat(200));
  expect(await passwords.verify('x'.repeat(200), stored)).toBe(true);
  expect(await passwords.verify('x'.repeat(201), stored)).toBe(false);
});

test('only a hash with other parameters than today needs a new one', async () => {
  const stored = await (await startPasswords()).hash('correct horse battery');
  expect(needsRehash(stored)).toBe(false);
  expect(needsRehash(stored.replace('m=19456', 'm=9728'))).toBe(true);
  expect(needsRehash('something else')).toBe(true);
});

test('a hash of fewer passes is still accepted', async () => {
  const old = '$argon2id$v=19$m=1024,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$';
  const passwords = await startPasswords();
  expect(await passwords.verify('anything at all', `${old}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`)).toBe(false);
  expect(needsRehash(`${old}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`)).toBe(true);
});
