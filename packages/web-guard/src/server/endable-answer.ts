import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';

/** An answer on its way to the browser, which may have to end before the API has said all of it. */
export interface EndableAnswer {
  readonly body: Readable;
  /** Ends it now, and the API's work with it. */
  readonly end: () => void;
}

/**
 * A stream of events is whole up to its last event (WHATWG HTML, 9.2.6), so it ends like any other, and the page connects again.
 * Whatever else is cut breaks off, so that nobody takes the part for the whole.
 */
export function makeEndable(answer: IncomingMessage): EndableAnswer {
  if (!/^text\/event-stream\b/i.test(answer.headers['content-type'] ?? ''))
    return { body: answer, end: () => answer.destroy() };
  const body = new PassThrough();
  let ended = false;
  // What the API breaks off is broken off here too.
  answer.on('error', (error) => {
    if (!ended) body.destroy(error);
  });
  body.once('close', () => answer.destroy());
  answer.pipe(body);
  return {
    body,
    end: () => {
      ended = true;
      answer.unpipe(body);
      body.end();
      answer.destroy();
    },
  };
}
