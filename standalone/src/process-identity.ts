import { readFileSync } from 'node:fs';

/** A process id alone may by now belong to another process; with its start it names one process. */
export type ProcessIdentity = { readonly pid: number; readonly start: string };

/** Whether this very process still lives. Without /proc the id alone decides. */
export function isRunning(identity: ProcessIdentity): boolean {
  return isAlive(identity.pid) && startOf(identity.pid) === identity.start;
}

/** Start of a living process in ticks since boot (field 22 of proc_pid_stat(5)); '' where the system doesn't tell, undefined when it is gone. */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return isAlive(pid) ? '' : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

/** Whether any process has this id; one of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
