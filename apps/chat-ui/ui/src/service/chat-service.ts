import { errorFromAnswer, getJson, OWN_REQUEST, RequestError, requestError } from '@cordon/clinic-page';
import { createParser } from 'eventsource-parser';

/** Whom the page that shows the chat is for: its server says it, since the address is the same. */
export type Audience = 'visitors' | 'patients';

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface AnswerHooks {
  /** The conversation as the server names it, with the first piece. */
  readonly onConversation: (id: string) => void;
  /** How many details of all that the person wrote the server took out before it asked. */
  readonly onRemoved: (count: number) => void;
  readonly onText: (text: string) => void;
}

const purposes: Readonly<Record<Audience, string>> = {
  visitors: 'purpose.chat.marketing.general',
  patients: 'purpose.chat.triage.assist',
};

/** Longer silence is a lost connection: the server's own limit for a model is shorter. */
const silenceMs = 60_000;
/** Characters of one event: a piece of an answer is a few words. */
const largestEvent = 100_000;
/** Characters of all of an answer; the gateway's own limit is lower. A page that draws for ever hears no button. */
const longestAnswer = 100_000;

export interface ChatSettings {
  readonly audience: Audience;
  /** Where a person at the clinic answers, in words to show; null where nobody wrote it down. */
  readonly phone: string | null;
}

/** Throws RequestError. */
export async function readSettings(): Promise<ChatSettings> {
  const { audience, phone } = await getJson<{ audience?: unknown; phone?: unknown }>('/chat/settings.json');
  if (audience !== 'visitors' && audience !== 'patients') throw requestError('failed');
  return { audience, phone: typeof phone === 'string' ? phone : null };
}

interface Chunk {
  readonly cordon?: { readonly conversation?: string; readonly replacedOfUser?: number };
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly error?: { readonly message?: string; readonly code?: string };
}

/**
 * Sends the turns so far, and hands on the answer as it comes (OpenAI's chat completions, streamed). Resolves at its end.
 * @throws {RequestError} with `unreachable` where the connection was lost on the way: what came until then stands
 */
export async function askAssistant(
  audience: Audience,
  turns: readonly Turn[],
  conversation: string | null,
  signal: AbortSignal,
  hooks: AnswerHooks,
): Promise<void> {
  const leaving = new AbortController();
  const giveUp = (): void => {
    leaving.abort();
  };
  let silence = setTimeout(giveUp, silenceMs);
  // What flows through a network that is gone would be waited for until the silence is long enough.
  window.addEventListener('offline', giveUp);
  const seen: { end: boolean; characters: number; failure?: RequestError } = { end: false, characters: 0 };
  try {
    const answer = await fetch('/api/v1/ai/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...OWN_REQUEST },
      body: JSON.stringify({
        model: 'cordon',
        stream: true,
        messages: turns,
        metadata: { purpose: purposes[audience], ...(conversation !== null && { conversation }) },
      }),
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.any([signal, leaving.signal]),
    });
    if (!answer.ok || answer.body === null)
      throw errorFromAnswer(
        answer.status,
        await readBody(answer),
        answer.headers.get('retry-after'),
        Date.now(),
      );
    const parser = createParser({
      maxBufferSize: largestEvent,
      onError: giveUp,
      onEvent: ({ data }) => {
        if (data === '[DONE]') {
          seen.end = true;
          return;
        }
        if (seen.end) return;
        const chunk = JSON.parse(data) as Chunk;
        if (chunk.error)
          seen.failure = new RequestError('failed', chunk.error.message ?? 'The answer was broken off.', {
            ...(chunk.error.code !== undefined && { problem: chunk.error.code }),
          });
        if (chunk.cordon?.conversation) hooks.onConversation(chunk.cordon.conversation);
        if (chunk.cordon?.replacedOfUser !== undefined) hooks.onRemoved(chunk.cordon.replacedOfUser);
        const text = chunk.choices?.[0]?.delta?.content;
        if (!text) return;
        seen.characters += text.length;
        if (seen.characters > longestAnswer)
          throw new RequestError('failed', 'The answer is too long to show.');
        hooks.onText(text);
      },
    });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      clearTimeout(silence);
      silence = setTimeout(giveUp, silenceMs);
      parser.feed(piece.value);
    }
  } catch (error) {
    // What is not read to its end is not left flowing.
    leaving.abort();
    if (error instanceof RequestError) throw error;
    throw requestError(signal.aborted ? 'cancelled' : 'unreachable', error);
  } finally {
    clearTimeout(silence);
    window.removeEventListener('offline', giveUp);
  }
  if (seen.failure) throw seen.failure;
  if (!seen.end) throw requestError('unreachable');
}

/** OpenAI's form of an error, read as the problem that the rest of the page knows. */
async function readBody(answer: Response): Promise<unknown> {
  const body = (await answer.json().catch(() => undefined)) as
    { error?: { message?: string; code?: string } } | undefined;
  return body?.error ? { ...body, title: body.error.message, code: body.error.code } : body;
}
