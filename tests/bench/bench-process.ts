import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

/** A process of its own that is asked one thing at a time. */
export interface BenchProcess extends AsyncDisposable {
  /** Throws when the answer is not of this shape, or the process has ended. */
  ask<T>(question: object, answer: z.ZodType<T>): Promise<T>;
}

/** `main` is a file that calls `answerParent`; `nodeFlags` are its own, none are inherited. */
export function startProcess(main: URL, nodeFlags: readonly string[] = []): BenchProcess {
  const path = fileURLToPath(main);
  const child = fork(path, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...nodeFlags],
  });
  let waiting = Promise.withResolvers<unknown>();
  child.on('message', (told) => waiting.resolve(told));
  waiting.promise.catch(() => undefined);
  child.once('exit', () => waiting.reject(new Error(`${basename(path)} has ended.`)));
  return {
    ask: async (question, answer) => {
      waiting = Promise.withResolvers();
      child.send(question);
      return answer.parse(await waiting.promise);
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** The other side: answers each question, in turn. A question that fails ends the process. */
export function answerParent<T>(question: z.ZodType<T>, answer: (question: T) => Promise<object>): void {
  process.on('message', (told) => {
    answer(question.parse(told)).then(
      (answered) => process.send?.(answered),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
