import { requestError, toRequestError, type RequestError } from '@cordon/clinic-page';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { askAssistant, type Audience, type Turn } from '../service/chat-service.ts';
import { readConversation } from '../service/patient-service.ts';
import { asVisitor, readOwnConversation, renewVisit } from '../service/visitor-service.ts';
import {
  emptyConversation,
  findWhole,
  reduceConversation,
  type Conversation,
  type Message,
} from './conversation.ts';
import { sayRemoved, sayRemovedByServer, sayVisitEnded } from './notices.ts';
import { namesRedFlag } from './red-flags.ts';
import { loadWords, removeDetails } from './remove-details.ts';
import { forgetInTab, keepInTab } from './tab-storage.ts';

interface Failed {
  readonly error: RequestError;
  /** Whether there is a question without a whole answer, which can be asked again. */
  readonly asked: boolean;
}

export interface ConversationControls {
  readonly conversation: Conversation;
  readonly busy: boolean;
  readonly failed: Failed | null;
  /** Epoch milliseconds; of a visitor who has begun. */
  readonly visitEndsAt: number | null;
  /** `onTaken` once the question stands in the conversation; until then its words are the person's to send. */
  readonly ask: (text: string, onTaken: () => void) => Promise<void>;
  /** Sends the last question once more, after its answer was lost. */
  readonly askAgain: () => Promise<void>;
  readonly stop: () => void;
  readonly handOver: () => void;
  /** Begins anew on this page; what the server keeps is erased there. */
  readonly forget: () => void;
  /** Throws RequestError. */
  readonly goOn: () => Promise<void>;
  readonly endVisit: () => void;
}

/** What was asked and answered, as the model is to know it: notices are the page's own. */
function turnsOf({ messages }: Conversation): Turn[] {
  return messages.flatMap(({ author, text }) =>
    author === 'notice' || text === ''
      ? []
      : [{ role: author === 'person' ? 'user' : 'assistant', content: text } as const],
  );
}

/** One conversation of this page, from the first question on or from what was kept. */
export function useConversation(
  audience: Audience,
  kept: Conversation,
  visitEnds: number | null,
): ConversationControls {
  const [conversation, tell] = useReducer(reduceConversation, kept);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Failed | null>(null);
  const [visitEndsAt, setVisitEndsAt] = useState(visitEnds);
  const leaving = useRef<AbortController | null>(null);
  const isVisitor = audience === 'visitors';

  const send = async (
    turns: readonly Turn[],
    id: string | null,
    answerId: string,
    signal: AbortSignal,
  ): Promise<void> => {
    const hooks = {
      onConversation: (named: string) => {
        tell({ type: 'named', id: named });
      },
      onRemoved: (count: number) => {
        // Of a patient stand-ins are the rule, and were announced before the first message.
        if (isVisitor)
          tell({
            type: 'removed-by-server',
            messageId: crypto.randomUUID(),
            text: sayRemovedByServer,
            count,
          });
      },
      onText: (text: string) => {
        tell({ type: 'arrived', answerId, text });
      },
    };
    try {
      await askAssistant(audience, turns, id, signal, hooks);
      tell({ type: 'finished', answerId });
    } catch (failure) {
      const told = isVisitor ? asVisitor(failure) : toRequestError(failure);
      // An answer that the gateway broke off is not to be read; one whose connection was lost was good as far as it came.
      const lost = told.code === 'unreachable' || told.code === 'cancelled';
      tell({ type: lost ? 'broken' : 'taken-back', answerId });
      if (told.code !== 'cancelled') setFailed({ error: told, asked: true });
    }
  };

  /** From its beginning on it can be stopped: also what comes before the question, which a slow network draws out. */
  const run = async (asked: boolean, work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    const controller = new AbortController();
    leaving.current = controller;
    setBusy(true);
    setFailed(null);
    try {
      await work(controller.signal);
    } catch (failure) {
      const error = toRequestError(failure);
      if (error.code !== 'cancelled') setFailed({ error, asked });
    } finally {
      setBusy(false);
    }
  };

  const renew = async (signal?: AbortSignal): Promise<boolean> => {
    const { endsAt, renewed } = await renewVisit(signal);
    setVisitEndsAt(endsAt);
    return renewed;
  };

  const endVisit = useCallback((): void => {
    setVisitEndsAt(null);
    setFailed(null);
    tell({ type: 'visit-ended', messageId: crypto.randomUUID(), text: sayVisitEnded });
  }, []);

  /** With each question of a visitor the visit is renewed. Where it has ended, the conversation has too: the next one is somebody's whom nobody knows. */
  const goOnWith = async (signal: AbortSignal): Promise<Conversation> => {
    if (!isVisitor) return conversation;
    const goesOn = await renew(signal);
    const begun = goesOn || conversation.id === null ? conversation : emptyConversation;
    if (begun !== conversation)
      tell({ type: 'visit-ended', messageId: crypto.randomUUID(), text: sayVisitEnded });
    // Named here, so that it can be erased however little of an answer came.
    const id = begun.id ?? crypto.randomUUID();
    tell({ type: 'named', id });
    return { ...begun, id };
  };

  useEffect(() => {
    if (!isVisitor) return;
    if (conversation === emptyConversation) forgetInTab();
    else keepInTab(conversation);
  }, [isVisitor, conversation]);

  useEffect(() => {
    // Large, and nothing is sent without them: they come while the first question is written. Failing that, with the question.
    if (isVisitor) loadWords().catch(() => undefined);
  }, [isVisitor]);

  const ask = (text: string, onTaken: () => void): Promise<void> => {
    // Before anything else, and whatever the network does.
    if (namesRedFlag(text)) tell({ type: 'emergency' });
    return run(false, async (signal) => {
      const cleaning = isVisitor ? removeDetails(text) : { text, removed: 0 };
      const [cleaned, before] = await Promise.all([cleaning, goOnWith(signal)]);
      if (signal.aborted) throw requestError('cancelled');
      const answerId = crypto.randomUUID();
      if (cleaned.removed > 0)
        tell({ type: 'noticed', messageId: crypto.randomUUID(), text: sayRemoved(cleaned.removed) });
      tell({ type: 'asked', messageId: crypto.randomUUID(), text: cleaned.text, answerId });
      onTaken();
      await send([...turnsOf(before), { role: 'user', content: cleaned.text }], before.id, answerId, signal);
    });
  };

  /** A connection that broke late took the end of an answer that the server has: it is read there, and nobody asked anew. */
  const readWhole = async (cut: Message, id: string | null): Promise<string | null> => {
    if (id === null) return null;
    try {
      return findWhole(cut, await (isVisitor ? readOwnConversation(id) : readConversation(id)));
    } catch (failure) {
      if (toRequestError(failure).code === 'unreachable') throw failure;
      return null;
    }
  };

  const askAgain = (): Promise<void> =>
    run(true, async (signal) => {
      const turns = turnsOf(conversation);
      const lastQuestion = turns.findLastIndex(({ role }) => role === 'user');
      const question = turns[lastQuestion];
      if (question === undefined) return;
      const before = await goOnWith(signal);
      const cut = before.messages.at(-1);
      const whole = cut?.state === 'cut' ? await readWhole(cut, before.id) : null;
      if (cut !== undefined && whole !== null) {
        tell({ type: 'completed', answerId: cut.id, text: whole });
        return;
      }
      const answerId = crypto.randomUUID();
      const goesOn = before.messages.length > 0;
      if (goesOn) tell({ type: 'asked-again', answerId });
      else tell({ type: 'asked', messageId: crypto.randomUUID(), text: question.content, answerId });
      await send(goesOn ? turns.slice(0, lastQuestion + 1) : [question], before.id, answerId, signal);
    });

  return {
    conversation,
    busy,
    failed,
    visitEndsAt,
    ask,
    askAgain,
    stop: () => leaving.current?.abort(),
    handOver: () => {
      tell({ type: 'handed-over' });
    },
    forget: () => {
      leaving.current?.abort();
      setFailed(null);
      tell({ type: 'erased' });
    },
    goOn: async () => {
      if (!(await renew())) endVisit();
    },
    endVisit,
  };
}
