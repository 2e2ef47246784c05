/** Moments at which a test may have this process killed, to prove that a restart loses, doubles and leaves stuck nothing. */
export const failpoints = ['relay-before-publish', 'relay-after-publish', 'consumer-before-commit', 'consumer-after-commit'] as const;

export type Failpoint = (typeof failpoints)[number];

let armed: { name: Failpoint; passesLeft: number } | null = null;

/** From now on the `nth` (from 1) passing of this failpoint kills the process as a power cut would: SIGKILL, nothing runs any more. */
export function armFailpoint(name: Failpoint, nth: number): void {
  armed = { name, passesLeft: nth };
}

/** Marks a moment. Does nothing unless it is armed. */
export function failpoint(name: Failpoint): void {
  if (armed === null || armed.name !== name) return;
  armed.passesLeft -= 1;
  if (armed.passesLeft === 0) process.kill(process.pid, 'SIGKILL');
}
