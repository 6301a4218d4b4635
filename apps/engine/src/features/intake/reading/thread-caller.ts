import { setFlagsFromString } from 'node:v8';
import { Worker, type Transferable } from 'node:worker_threads';
import { IntakeReadingError } from './errors.ts';
import { limits } from './limits.ts';

// `resourceLimits` bound a thread's JavaScript, not its WebAssembly, which is where pages are read. V8 counts in pages of
// 64 KB; the flag holds for every instance that the process makes from here on.
setFlagsFromString(`--wasm-max-mem-pages=${limits.wasmMegabytes * 16}`);

export interface CallBounds {
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One worker thread that answers one request at a time. The thread holds unscrubbed bytes, so whenever a call does not
 * end well (time limit, cancellation, crash) the thread is ended and its memory goes with it; the next call starts
 * another. It gets no environment: no credential of the engine can be read there. It inherits the process's flags, so
 * that a process under Node's permission model keeps its threads under it too (an empty `execArgv` would free them).
 */
export class ThreadCaller<Request, Reply> {
  readonly #script: URL;
  #thread: Worker | undefined;

  constructor(script: URL) {
    this.#script = script;
  }

  /** @throws IntakeReadingError intake-timed-out, intake-cancelled, intake-reader-failed */
  async call(request: Request, transfer: readonly Transferable[], bounds: CallBounds): Promise<Reply> {
    if (bounds.signal?.aborted) throw new IntakeReadingError('intake-cancelled');
    const thread = this.#start();
    try {
      return await answerOf<Reply>(thread, request, transfer, bounds);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }

  #start(): Worker {
    if (this.#thread) return this.#thread;
    const thread = new Worker(this.#script, {
      env: {},
      // The libraries print warnings of their own; they are swallowed, since nothing there is ours to judge.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 512, stackSizeMb: 4 },
    });
    thread.stdout.resume();
    thread.stderr.resume();
    // A crash between calls must not end the engine: an 'error' event without a listener would.
    thread.on('error', () => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    // Idle readers do not keep the process alive.
    thread.unref();
    this.#thread = thread;
    return thread;
  }
}

function answerOf<Reply>(
  thread: Worker,
  request: unknown,
  transfer: readonly Transferable[],
  { timeLimitMs, signal }: CallBounds,
): Promise<Reply> {
  return new Promise<Reply>((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      end();
    };
    const fail = (
      code: 'intake-timed-out' | 'intake-cancelled' | 'intake-reader-failed',
      cause?: unknown,
    ): void => {
      settle(() => {
        reject(new IntakeReadingError(code, { cause }));
      });
    };
    const onMessage = (reply: Reply): void => {
      settle(() => {
        resolve(reply);
      });
    };
    const onError = (cause: unknown): void => {
      fail('intake-reader-failed', cause);
    };
    const onExit = (): void => {
      fail('intake-reader-failed');
    };
    const onAbort = (): void => {
      fail('intake-cancelled');
    };
    const timer = setTimeout(() => {
      fail('intake-timed-out');
    }, timeLimitMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    thread.postMessage(request, transfer);
  });
}
