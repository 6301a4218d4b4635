/** Who said something. `notice` is the page itself. */
export type Author = 'person' | 'assistant' | 'notice';

export interface Message {
  readonly id: string;
  readonly author: Author;
  readonly text: string;
  /** `arriving`: more may follow. `cut`: the connection was lost before its end. */
  readonly state: 'whole' | 'arriving' | 'cut';
}

export interface Conversation {
  /** Known once the server has taken the first message. */
  readonly id: string | null;
  readonly messages: readonly Message[];
  /** How many details the server took out beyond those that this page did. */
  readonly removedByServer: number;
  /** Whether emergency advice is shown; once shown it stays. */
  readonly emergency: boolean;
  readonly state: 'open' | 'handed-over';
}

/** What was said, as the clinic's server kept it. */
export const toMessages = (
  id: string,
  turns: readonly { readonly speaker: string; readonly text: string }[],
): readonly Message[] =>
  turns.map(({ speaker, text }, index) => ({
    id: `${id}/${index}`,
    author: speaker === 'assistant' ? 'assistant' : 'person',
    text,
    // So the server ends an answer that was left before its end.
    state: speaker === 'assistant' && text.endsWith(' […]') ? 'cut' : 'whole',
  }));

/** A question that was asked again is there once, with its last answer; what was cut before is in the transcript. */
export function withoutRepeats(messages: readonly Message[]): readonly Message[] {
  const kept: Message[] = [];
  for (const message of messages) {
    const cut = kept.at(-1)?.state === 'cut' ? 1 : 0;
    const asked = kept.at(-1 - cut);
    if (message.author === 'person' && asked?.author === 'person' && asked.text === message.text)
      kept.splice(kept.length - 1 - cut);
    kept.push(message);
  }
  return kept;
}

/** The whole of an answer that was cut here, where the server's last words are that very answer, said to their end. */
export function findWhole(cut: Message, kept: readonly Message[]): string | null {
  const last = kept.at(-1);
  const same = last?.author === 'assistant' && last.state === 'whole' && last.text.startsWith(cut.text);
  return cut.state === 'cut' && same ? last.text : null;
}

export const emptyConversation: Conversation = {
  id: null,
  messages: [],
  removedByServer: 0,
  emergency: false,
  state: 'open',
};

export type ConversationEvent =
  | { readonly type: 'asked'; readonly messageId: string; readonly text: string; readonly answerId: string }
  | { readonly type: 'asked-again'; readonly answerId: string }
  | { readonly type: 'noticed'; readonly messageId: string; readonly text: string }
  | {
      readonly type: 'removed-by-server';
      readonly messageId: string;
      readonly text: string;
      readonly count: number;
    }
  | { readonly type: 'emergency' }
  | { readonly type: 'named'; readonly id: string }
  | { readonly type: 'arrived'; readonly answerId: string; readonly text: string }
  | { readonly type: 'finished'; readonly answerId: string }
  /** The server had the rest of an answer whose connection was lost. */
  | { readonly type: 'completed'; readonly answerId: string; readonly text: string }
  | { readonly type: 'broken'; readonly answerId: string }
  | { readonly type: 'taken-back'; readonly answerId: string }
  | { readonly type: 'visit-ended'; readonly messageId: string; readonly text: string }
  | { readonly type: 'handed-over' }
  | { readonly type: 'erased' };

const change = (
  { messages }: Conversation,
  id: string,
  changed: (message: Message) => readonly Message[],
): readonly Message[] => messages.flatMap((message) => (message.id === id ? changed(message) : [message]));

/** What the page knows after something happened. Pure. */
export function reduceConversation(before: Conversation, event: ConversationEvent): Conversation {
  switch (event.type) {
    case 'asked':
      return {
        ...before,
        messages: [
          ...before.messages,
          { id: event.messageId, author: 'person', text: event.text, state: 'whole' },
          { id: event.answerId, author: 'assistant', text: '', state: 'arriving' },
        ],
      };
    case 'asked-again':
      return {
        ...before,
        messages: [
          ...before.messages.slice(0, before.messages.findLastIndex(({ author }) => author === 'person') + 1),
          { id: event.answerId, author: 'assistant', text: '', state: 'arriving' },
        ],
      };
    case 'noticed':
      return {
        ...before,
        messages: [
          ...before.messages,
          { id: event.messageId, author: 'notice', text: event.text, state: 'whole' },
        ],
      };
    case 'removed-by-server':
      // The whole conversation is looked at with each question: only what was not there before is news.
      return event.count <= before.removedByServer
        ? before
        : {
            ...before,
            removedByServer: event.count,
            messages: before.messages.flatMap((message) =>
              message.state === 'arriving'
                ? [{ id: event.messageId, author: 'notice', text: event.text, state: 'whole' }, message]
                : [message],
            ),
          };
    case 'emergency':
      return { ...before, emergency: true };
    case 'named':
      return { ...before, id: event.id };
    case 'arrived':
      return {
        ...before,
        messages: change(before, event.answerId, (message) => [
          { ...message, text: message.text + event.text },
        ]),
      };
    case 'finished':
      return {
        ...before,
        messages: change(before, event.answerId, (message) =>
          message.text === '' ? [] : [{ ...message, state: 'whole' }],
        ),
      };
    case 'completed':
      return {
        ...before,
        messages: change(before, event.answerId, (message) => [
          { ...message, text: event.text, state: 'whole' },
        ]),
      };
    case 'broken':
      return {
        ...before,
        messages: change(before, event.answerId, (message) =>
          message.text === '' ? [] : [{ ...message, state: 'cut' }],
        ),
      };
    case 'taken-back':
      return { ...before, messages: before.messages.filter(({ id }) => id !== event.answerId) };
    case 'visit-ended':
      // Who sits down at this screen now may be somebody else. Advice for an emergency names nobody, and stays.
      return {
        ...emptyConversation,
        emergency: before.emergency,
        messages: [{ id: event.messageId, author: 'notice', text: event.text, state: 'whole' }],
      };
    case 'handed-over':
      return { ...before, state: 'handed-over' };
    case 'erased':
      return emptyConversation;
  }
}
