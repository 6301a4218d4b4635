import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { errorFromAnswer, RequestError } from './request-error.ts';
import { OWN_REQUEST } from './requests.ts';

export interface LiveEventHooks {
  readonly onEvent: (event: EventSourceMessage) => void;
  /** Whether events arrive now; false while the connection is being made again. */
  readonly onConnected: (connected: boolean) => void;
  /** The server refuses for good: no session, locked, or not for this role. Nothing follows. */
  readonly onRefused: (error: RequestError) => void;
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
/** Characters of one event: the engine tells at most a hundred alerts at once. */
const LARGEST_EVENT = 1_000_000;
/** The server gives a sign of life every 15 seconds; silence of this length is a dead connection. */
const SILENCE_MS = 45_000;
const FINAL = new Set(['session-ended', 'locked', 'refused', 'not-found']);

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/**
 * Server-sent events (WHATWG HTML, 9.2) until `signal` aborts. Not the browser's EventSource, which cannot send the header that keeps
 * other sites from asking. A lost connection is made again, from the event that came last. Marked as passive: hearing is no activity.
 */
export async function followEvents(path: string, signal: AbortSignal, hooks: LiveEventHooks): Promise<void> {
  let lastEventId: string | undefined;
  let pause = FIRST_PAUSE_MS;

  async function read(): Promise<void> {
    const leaving = new AbortController();
    const stop = AbortSignal.any([signal, leaving.signal]);
    const giveUp = (): void => {
      leaving.abort();
    };
    // A page that is left may live on for a while, and would hear on in the name of a session that another page has replaced.
    addEventListener('pagehide', giveUp, { once: true });
    let silence = setTimeout(giveUp, SILENCE_MS);
    try {
      const answer = await fetch(path, {
        headers: {
          accept: 'text/event-stream',
          'x-cordon-passive': '1',
          ...OWN_REQUEST,
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        cache: 'no-store',
        redirect: 'error',
        signal: stop,
      });
      if (!answer.ok || answer.body === null)
        throw errorFromAnswer(
          answer.status,
          await answer.json().catch(() => undefined),
          answer.headers.get('retry-after'),
          Date.now(),
        );
      hooks.onConnected(true);
      pause = FIRST_PAUSE_MS;
      const parser = createParser({
        maxBufferSize: LARGEST_EVENT,
        onId: (id) => (lastEventId = id),
        onEvent: hooks.onEvent,
        onError: giveUp,
      });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(giveUp, SILENCE_MS);
        parser.feed(piece.value);
      }
    } finally {
      clearTimeout(silence);
      removeEventListener('pagehide', giveUp);
      leaving.abort();
      if (!signal.aborted) hooks.onConnected(false);
    }
  }

  while (!signal.aborted) {
    try {
      await read();
    } catch (error) {
      if (error instanceof RequestError && FINAL.has(error.code)) {
        hooks.onRefused(error);
        return;
      }
    }
    // Spread out, so that a server that comes back is not met by everybody at once.
    await pauseFor(pause * (0.5 + Math.random()), signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}
