import type { ServerAccount } from '@shop/standalone/postgres-account';
import { probe } from './command.js';
import { Missing } from './server.js';

const check = 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))';

/**
 * A Python that `account` may run (one under /root is hidden from it) and that can make virtual environments. Throws `Missing` where there
 * is none.
 */
export function usablePython(account: ServerAccount): string {
  const found = ['/usr/bin/python3', '/usr/local/bin/python3', 'python3'].find((python) => probe(python, ['-c', check], account) !== null);
  if (found === undefined)
    throw new Missing('No Python 3.10 or later with venv and pip that the server’s account may run: install python3 and python3-venv.');
  return found;
}
