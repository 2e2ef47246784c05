import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Also when it is replaced behind a link, as Kubernetes does it; so it is looked at, not listened to. */
const LOOK_EVERY_MS = 1_000;

/** Hands on what a file holds, whenever it was written. A file that cannot be read is told as empty. */
export function watchedFile(path: string, changed: (text: string) => void): Disposable {
  const look = () => void readFile(path, 'utf8').then(changed, () => changed(''));
  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look);
  return { [Symbol.dispose]: () => unwatchFile(path, look) };
}
