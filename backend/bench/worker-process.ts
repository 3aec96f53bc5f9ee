// A child process that answers questions: so that what is measured and what measures do not share a thread.
import { type ChildProcess, fork } from 'node:child_process';

export interface WorkerProcess {
  ask<Answer>(question: object): Promise<Answer>;
  stop(): Promise<void>;
}

export function startWorker(file: string, args: readonly string[], execArgv: readonly string[] = []): WorkerProcess {
  const child = fork(file, [...args], { execArgv: [...execArgv], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let pending: { resolve(answer: unknown): void; reject(error: Error): void } | null = null;
  child.on('message', (answer) => {
    pending?.resolve(answer);
    pending = null;
  });
  child.on('exit', (code) => {
    pending?.reject(new Error(`${file} ended with ${code}`));
    pending = null;
  });
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        pending = { resolve: resolve as (answer: unknown) => void, reject };
        child.send(question);
      }),
    stop: () => stopped(child),
  };
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** In the child: answers each question in turn. */
export function answerQuestions<Question>(answer: (question: Question) => Promise<unknown> | unknown): void {
  process.on('message', async (question) => {
    process.send?.((await answer(question as Question)) ?? null);
  });
  process.on('disconnect', () => process.exit(0));
}
