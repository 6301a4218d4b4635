import { emptyConversation, type Conversation, type Message } from './conversation.ts';

/** As long as a visit lasts: who sits down at this screen later does not read on. */
const longestMs = 15 * 60_000;
const mostMessages = 60;
const mostCharacters = 60_000;
const place = 'cordon.chat';

const authors: readonly unknown[] = ['person', 'assistant', 'notice'];

function readMessage(value: unknown): Message[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, author, text, state } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof text !== 'string' || !authors.includes(author)) return [];
  // What was on its way when the page was left did not arrive whole.
  if (state !== 'whole' && text === '') return [];
  return [{ id, author: author as Message['author'], text, state: state === 'whole' ? 'whole' : 'cut' }];
}

/** What `keepInTab` wrote, while it is fresh; null for anything else. */
export function readKept(text: string | null, now: number): Conversation | null {
  if (text === null || text.length > mostCharacters * 2) return null;
  try {
    const kept = JSON.parse(text) as Record<string, unknown>;
    const { at, id, emergency, removedByServer } = kept;
    if (typeof at !== 'number' || at > now || now - at > longestMs) return null;
    const messages = Array.isArray(kept['messages']) ? kept['messages'].flatMap(readMessage) : [];
    return {
      ...emptyConversation,
      id: typeof id === 'string' ? id : null,
      messages: messages.slice(-mostMessages),
      removedByServer: typeof removedByServer === 'number' ? removedByServer : 0,
      emergency: emergency === true,
    };
  } catch {
    return null;
  }
}

/**
 * A visitor's conversation, from which details were already taken out, goes on when the page is loaded anew: in this tab alone, and
 * for a quarter of an hour. A patient's is kept by the clinic, and nowhere here.
 */
export function takeFromTab(): Conversation | null {
  try {
    const kept = readKept(sessionStorage.getItem(place), Date.now());
    // What is too old to go on with is not left behind for whoever opens the tab's storage.
    if (kept === null) sessionStorage.removeItem(place);
    return kept;
  } catch {
    // The browser keeps nothing for pages in frames.
    return null;
  }
}

export function keepInTab({ id, messages, emergency, removedByServer }: Conversation): void {
  const text = JSON.stringify({
    at: Date.now(),
    id,
    emergency,
    removedByServer,
    messages: messages.slice(-mostMessages),
  });
  try {
    if (text.length <= mostCharacters) sessionStorage.setItem(place, text);
  } catch {
    // As above: the conversation ends with the page then.
  }
}

export function forgetInTab(): void {
  try {
    sessionStorage.removeItem(place);
  } catch {
    // As above: there is nothing.
  }
}
