import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { askAssistant, type Audience, type Turn } from '../service/chat-service.ts';
import { duringVisit } from '../service/visitor-service.ts';
import { emptyConversation, reduceConversation, type Conversation } from './conversation.ts';
import { forgetInTab, keepInTab } from './tab-storage.ts';
import { namesRedFlag } from './red-flags.ts';
import { removeDetails } from './remove-details.ts';

export interface ConversationControls {
  readonly conversation: Conversation;
  readonly busy: boolean;
  readonly error: RequestError | null;
  readonly ask: (text: string) => Promise<void>;
  /** Sends the last question once more, after its answer was lost. */
  readonly askAgain: () => Promise<void>;
  readonly stop: () => void;
  readonly handOver: () => void;
  /** Begins anew on this page; what the server keeps is erased there. */
  readonly forget: () => void;
}

/** What was asked and answered, as the model is to know it: notices are the page's own. */
function turnsOf({ messages }: Conversation): Turn[] {
  return messages.flatMap(({ author, text }) =>
    author === 'notice' || text === ''
      ? []
      : [{ role: author === 'person' ? 'user' : 'assistant', content: text } as const],
  );
}

function noticeOf(removed: number): string {
  const details =
    removed === 1
      ? 'something that looks like a personal detail'
      : `${removed} things that look like personal details`;
  return `Before sending, we took out ${details}. Nobody needs them here: the clinic asks for them by telephone or in the patient portal.`;
}

const noticeOfServer =
  'The clinic’s server found more that looks like personal details, and did not pass it on. Please leave such details out: the clinic asks for them by telephone or in the patient portal.';

/** One conversation of this page, from the first question on or from what was kept. */
export function useConversation(audience: Audience, kept: Conversation): ConversationControls {
  const [conversation, tell] = useReducer(reduceConversation, kept);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
  const leaving = useRef<AbortController | null>(null);

  const send = useCallback(
    async (turns: readonly Turn[], id: string | null, answerId: string): Promise<void> => {
      const controller = new AbortController();
      leaving.current = controller;
      const hooks = {
        onConversation: (named: string) => {
          tell({ type: 'named', id: named });
        },
        onRemoved: (count: number) => {
          // Of a patient stand-ins are the rule, and were announced before the first message.
          if (audience !== 'visitors') return;
          tell({ type: 'removed-by-server', messageId: crypto.randomUUID(), text: noticeOfServer, count });
        },
        onText: (text: string) => {
          tell({ type: 'arrived', answerId, text });
        },
      };
      const attempt = () => askAssistant(audience, turns, id, controller.signal, hooks);
      try {
        // A visit ends after a quarter of an hour; the next question begins another one.
        await (audience === 'visitors' ? duringVisit(attempt) : attempt());
        tell({ type: 'finished', answerId });
      } catch (failure) {
        const told = toRequestError(failure);
        // An answer that the gateway broke off is not to be read; one whose connection was lost was good as far as it came.
        const lost = told.code === 'unreachable' || told.code === 'cancelled';
        tell({ type: lost ? 'broken' : 'taken-back', answerId });
        if (told.code !== 'cancelled') setError(told);
      }
    },
    [audience],
  );

  const run = useCallback(async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(toRequestError(failure));
    } finally {
      setBusy(false);
    }
  }, []);

  useEffect(() => {
    if (audience !== 'visitors') return;
    if (conversation === emptyConversation) forgetInTab();
    else keepInTab(conversation);
  }, [audience, conversation]);

  const ask = (text: string): Promise<void> => {
    // Before anything else, and whatever the network does.
    if (namesRedFlag(text)) tell({ type: 'emergency' });
    return run(async () => {
      const cleaned = audience === 'visitors' ? await removeDetails(text) : { text, removed: 0 };
      const answerId = crypto.randomUUID();
      if (cleaned.removed > 0)
        tell({ type: 'noticed', messageId: crypto.randomUUID(), text: noticeOf(cleaned.removed) });
      tell({ type: 'asked', messageId: crypto.randomUUID(), text: cleaned.text, answerId });
      await send(
        [...turnsOf(conversation), { role: 'user', content: cleaned.text }],
        conversation.id,
        answerId,
      );
    });
  };

  const askAgain = (): Promise<void> =>
    run(async () => {
      const turns = turnsOf(conversation);
      const lastQuestion = turns.findLastIndex(({ role }) => role === 'user');
      if (lastQuestion < 0) return;
      const answerId = crypto.randomUUID();
      tell({ type: 'asked-again', answerId });
      await send(turns.slice(0, lastQuestion + 1), conversation.id, answerId);
    });

  return {
    conversation,
    busy,
    error,
    ask,
    askAgain,
    stop: () => leaving.current?.abort(),
    handOver: () => {
      tell({ type: 'handed-over' });
    },
    forget: () => {
      leaving.current?.abort();
      setError(null);
      tell({ type: 'erased' });
    },
  };
}
