import { expect, test } from 'vitest';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { partnerDirectory } from './partner-directory.js';

const known = { id: 'c1', name: 'P', scopes: [], manifest: 'p', mode: 'ID_ONLY', requestsPerMinute: 1, costPerMinute: 1 };

/** What users answers, one after the other. */
function usersAnswering(...answers: (object | null | Error)[]): Pick<SubgraphTransport, 'execute'> & { asked: number } {
  return {
    asked: 0,
    async execute() {
      const answer = answers[this.asked++];
      if (answer instanceof Error) throw answer;
      return { data: { apiClientOfKey: answer ?? null } };
    },
  };
}

test('a key is asked for once, whether it is good or not, until its client changes', async () => {
  const users = usersAnswering(known, null, null);
  const directory = partnerDirectory(users);
  expect([await directory.holderOf('good'), await directory.holderOf('good')]).toMatchObject([{ clientId: 'c1' }, { clientId: 'c1' }]);
  expect([await directory.holderOf('bad'), await directory.holderOf('bad')]).toEqual([null, null]);
  expect(users.asked).toBe(2);
  directory.forget('c1');
  expect(await directory.holderOf('good')).toBeNull();
});

test('what was being asked while its client changed is not remembered', async () => {
  const answering = Promise.withResolvers<void>();
  const users = usersAnswering(known, null);
  const late = {
    execute: async (...asked: Parameters<SubgraphTransport['execute']>) => {
      const answer = users.execute(...asked);
      await answering.promise;
      return answer;
    },
  };
  const directory = partnerDirectory(late);
  const asking = directory.holderOf('good');
  await Promise.resolve();
  directory.forget('c1');
  answering.resolve();
  await asking;
  expect(await directory.holderOf('good')).toBeNull();
});

test('while users is away a partner that was there a moment ago goes on, one whose key was taken away does not, and nobody new comes', async () => {
  const away = new Error('away');
  const directory = partnerDirectory(usersAnswering(known, { ...known, id: 'c2' }, away, away, away));
  await directory.holderOf('one');
  await directory.holderOf('two');
  directory.forget('c2');
  expect(await directory.holderOf('one')).toMatchObject({ clientId: 'c1' });
  for (const key of ['two', 'new'])
    await expect(directory.holderOf(key)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } });
});
