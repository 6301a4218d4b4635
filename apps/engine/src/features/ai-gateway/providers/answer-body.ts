import type { IncomingMessage } from 'node:http';
import { AiGatewayError } from '@cordon/ai-gateway';

/** Bytes that may wait to be read before the provider is held up. */
const mostWaiting = 65_536;

type Next = IteratorResult<Buffer, undefined>;

/**
 * An answer's body as it comes, bounded in size. Read once, from the beginning; who leaves it before its end ends the connection. Node's
 * own way from a stream to `for await` costs more than all else that is done with a short answer.
 */
export class AnswerBody implements AsyncIterableIterator<Buffer, undefined> {
  readonly #answer: IncomingMessage;
  readonly #mostBytes: number;
  /** Told with each piece, and once when nothing more can come. */
  readonly #on: { readonly piece: () => void; readonly end: () => void };
  #pieces: Buffer[] = [];
  #waiting = 0;
  #bytes = 0;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(
    answer: IncomingMessage,
    mostBytes: number,
    on: { readonly piece: () => void; readonly end: () => void },
  ) {
    this.#answer = answer;
    this.#mostBytes = mostBytes;
    this.#on = on;
    answer.on('data', (piece: Buffer) => {
      this.#take(piece);
    });
    answer.on('end', () => {
      this.#finish();
    });
  }

  /** What was not read yet is nobody's any more: an answer that failed is none. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#pieces = [];
    this.#finish();
    this.#answer.destroy();
  }

  #take(piece: Buffer): void {
    if (this.#ended) return;
    this.#bytes += piece.length;
    if (this.#bytes > this.#mostBytes) {
      this.fail(new AiGatewayError('ai-provider-failed', 'the answer is too large'));
      return;
    }
    this.#pieces.push(piece);
    this.#waiting += piece.length;
    if (this.#waiting > mostWaiting) this.#answer.pause();
    this.#on.piece();
    this.#wake?.();
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#on.end();
    this.#wake?.();
  }

  async next(): Promise<Next> {
    if (this.#pieces.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#wake = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    const value = this.#pieces.shift();
    if (value === undefined) return { done: true, value };
    this.#waiting -= value.length;
    if (this.#waiting <= mostWaiting && this.#answer.isPaused()) this.#answer.resume();
    return { done: false, value };
  }

  return(): Promise<Next> {
    this.#pieces = [];
    this.#finish();
    // One whose end is there already leaves a connection that can be used again.
    if (this.#answer.complete) this.#answer.resume();
    else this.#answer.destroy();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
