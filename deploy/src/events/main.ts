import { runEvents } from './run-events.js';

process.exitCode = await runEvents(process.argv.slice(2), undefined, {
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
