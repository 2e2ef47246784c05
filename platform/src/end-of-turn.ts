const waiting: (() => void)[] = [];

/**
 * Runs `work` when the event loop has handled everything that is there by now, in the order of the calls; it must not throw. For writes to
 * sockets: when those of many requests leave one right after the other, whoever reads them is woken once. Waking costs more than writing.
 */
export function atEndOfTurn(work: () => void): void {
  if (waiting.push(work) === 1) setImmediate(runAll);
}

/** What comes while this runs is for the next turn: others are heard in between. */
function runAll(): void {
  for (const work of waiting.splice(0)) work();
}
