// After `npm run schema`: the committed contracts are what the code prints. Names what differs, and files that nobody committed.
import { spawnSync } from 'node:child_process';

const generated = ['schema', 'docs/events.md'];
const git = (...parts) => spawnSync('git', [...parts, '--', ...generated], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const { status, stdout } = git('status', '--porcelain');
if (status !== 0) process.exit(1);
if (stdout !== '') {
  console.error(`The committed contracts aren't what the code prints; run "npm run schema" and commit:\n${stdout}`);
  console.error(git('--no-pager', 'diff', '--stat').stdout);
  process.exit(1);
}
