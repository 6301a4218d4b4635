import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askAssistant } from './chat-service.ts';

const said = ['Nous ', 'sommes ouverts ', '👩‍⚕️ ', 'a "a" a ', 'نعم', '\n\ndata: [DONE]\n'];
const event = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const whole = said.map(event).join('');
const done = 'data: [DONE]\n\n';

let page: EventTarget;
let cancelled: boolean;
beforeEach(() => {
  page = new EventTarget();
  cancelled = false;
  vi.stubGlobal('window', page);
});
afterEach(() => vi.unstubAllGlobals());

/** What the network hands over, byte by byte where it is that slow; it stays open where `open`. */
function flow(text: string, bytesAtOnce: number, open = false): void {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  vi.stubGlobal('fetch', (_path: string, { signal }: { signal: AbortSignal }) => {
    const body = new ReadableStream({
      start: (controller) => {
        signal.addEventListener('abort', () => {
          cancelled = true;
          controller.error(signal.reason);
        });
      },
      pull: (controller) => {
        if (at < bytes.length) controller.enqueue(bytes.slice(at, at + bytesAtOnce));
        else if (!open) controller.close();
        at += bytesAtOnce;
      },
    });
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  });
}

async function read(
  onText: (text: string) => void = () => undefined,
  signal = new AbortController().signal,
): Promise<{ text: string; outcome: string }> {
  let text = '';
  const hooks = {
    onConversation: () => undefined,
    onRemoved: () => undefined,
    onText: (piece: string) => {
      text += piece;
      onText(piece);
    },
  };
  try {
    await askAssistant('visitors', [{ role: 'user', content: 'Ouvert ?' }], null, signal, hooks);
    return { text, outcome: 'whole' };
  } catch (error) {
    return { text, outcome: (error as { code: string }).code };
  }
}

describe('an answer', () => {
  it.each([1, 2, 7, 100_000])(
    'is there once and in order when it comes %d bytes at a time',
    async (bytes) => {
      flow(`: ping\n\n${whole}${done}${event('more than the end')}`, bytes);
      expect(await read()).toEqual({ text: said.join(''), outcome: 'whole' });
    },
  );

  it('with the line ends of another server is the same', async () => {
    flow((whole + done).replaceAll(/\n(?=data|\n|$)/g, '\r\n'), 3);
    expect(await read()).toEqual({ text: said.join(''), outcome: 'whole' });
  });

  it('that is cut, in the middle of a letter or of an event, stands as far as it came, and is no whole one', async () => {
    const bytes = new TextEncoder().encode(whole).length;
    const outcomes = new Set<string>();
    for (let until = 1; until <= bytes; until += 5) {
      flow(new TextDecoder().decode(new TextEncoder().encode(whole).slice(0, until)), 64);
      const { text, outcome } = await read();
      expect(said.join('').startsWith(text)).toBe(true);
      outcomes.add(outcome);
    }
    expect([...outcomes]).toEqual(['unreachable']);
  });

  it.each([
    ['the page of a network that wants a sign-in', '<!doctype html><title>Welcome to the train</title>'],
    ['what is no JSON', 'data: {"choices":[{"delta"\n\n'],
    ['an event without an end', `data: ${'x'.repeat(200_000)}`],
  ])('is not %s', async (_case, text) => {
    flow(text, 100_000);
    expect(await read()).toEqual({ text: '', outcome: 'unreachable' });
  });

  it('that the gateway broke off is told as that, and not as a lost connection', async () => {
    flow(
      `${event('Your card is')}data: {"error":{"message":"Held back.","code":"ai-answer-refused"}}\n\n`,
      9,
    );
    expect(await read()).toEqual({ text: 'Your card is', outcome: 'failed' });
  });

  it('that does not end is given up, and its connection with it', async () => {
    flow(event('for ever '.repeat(2_000)).repeat(6), 50_000, true);
    expect((await read()).outcome).toBe('failed');
    expect(cancelled).toBe(true);
  });

  it('is left when the network goes, and when the person stops it', async () => {
    flow(event('We are'), 50, true);
    expect(await read(() => page.dispatchEvent(new Event('offline')))).toEqual({
      text: 'We are',
      outcome: 'unreachable',
    });
    const leaving = new AbortController();
    flow(event('We are'), 50, true);
    expect(
      await read(() => {
        leaving.abort();
      }, leaving.signal),
    ).toEqual({ text: 'We are', outcome: 'cancelled' });
    expect(cancelled).toBe(true);
  });
});
