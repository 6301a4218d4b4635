import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useEffect, useState } from 'react';
import type { Audience } from '../service/chat-service.ts';
import { listConversations, readConversation, type KeptConversation } from '../service/patient-service.ts';
import { emptyConversation, withoutRepeats, type Conversation } from './conversation.ts';
import { namesRedFlag } from './red-flags.ts';
import { takeFromTab } from './tab-storage.ts';

/** What was said longer ago is another matter: it can be read, and something new begins. */
const longestMs = 24 * 60 * 60_000;

export interface Kept {
  /** To go on with. */
  readonly conversation: Conversation;
  readonly earlier: readonly KeptConversation[];
  readonly error: RequestError | null;
}

async function takeUpPatients(): Promise<Kept> {
  const all = await listConversations();
  const [newest, ...rest] = all;
  if (newest === undefined || Date.now() - Date.parse(newest.updatedAt) > longestMs)
    return { conversation: emptyConversation, earlier: all, error: null };
  const messages = withoutRepeats(await readConversation(newest.id));
  return {
    conversation: {
      ...emptyConversation,
      id: newest.id,
      messages,
      emergency: messages.some(({ author, text }) => author === 'person' && namesRedFlag(text)),
      state: newest.state === 'handed-over' ? 'handed-over' : 'open',
    },
    earlier: rest,
    error: null,
  };
}

/** A patient's conversation goes on where it was left, on any device; a visitor's in the same tab. `null`: not known yet. */
export function useKeptConversation(audience: Audience): Kept | null {
  const [kept, setKept] = useState<Kept | null>(() =>
    audience === 'patients'
      ? null
      : { conversation: takeFromTab() ?? emptyConversation, earlier: [], error: null },
  );
  useEffect(() => {
    if (audience !== 'patients') return;
    takeUpPatients().then(setKept, (failure: unknown) => {
      // Something new can still be asked.
      setKept({ conversation: emptyConversation, earlier: [], error: toRequestError(failure) });
    });
  }, [audience]);
  return kept;
}
