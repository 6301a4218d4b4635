import { showPlainly } from '@cordon/clinic-page';
import { useEffect, useRef } from 'react';
import type { Message } from '../conversation/conversation.ts';

const notFinished = 'This answer is not finished.';
const names = { person: 'You', assistant: 'Assistant', notice: 'Notice' } as const;

interface MessagesProps {
  readonly messages: readonly Message[];
  /** Whether the page offers it, where the last question has no whole answer. */
  readonly mayAskAgain: boolean;
  readonly onAskAgain: () => void;
}

/** Pixels from the end within which somebody still reads along. */
const nearEnd = 120;

/** Text alone: what a model writes is never read as markup, and no address in it becomes a link or a picture. */
export function Messages({ messages, mayAskAgain, onAskAgain }: MessagesProps) {
  const list = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  const last = messages.at(-1);
  // Whoever asks wants to see the answer.
  useEffect(() => {
    if (last?.author === 'person' || last?.state === 'arriving') follows.current = true;
  }, [last?.id, last?.author, last?.state]);
  // After every change, also of what stands beside the list and leaves it less room.
  useEffect(() => {
    // Within the list alone: the page around the frame stays where it is, and so does who reads further up.
    const { current } = list;
    if (current === null || !follows.current) return;
    // An answer that is longer than the list is read from its beginning.
    const newest = current.querySelector<HTMLElement>('.assistant:last-of-type');
    const end = current.scrollHeight - current.clientHeight;
    current.scrollTop = newest === null ? end : Math.min(end, newest.offsetTop);
  });

  return (
    <>
      <ol
        ref={list}
        className="messages"
        aria-label="Conversation"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < nearEnd;
        }}
      >
        {messages.length === 0 && (
          <li className="welcome">
            <p>Nothing has been said yet. Write below what you would like to know.</p>
          </li>
        )}
        {messages.map((message) => (
          <MessageItem key={message.id} message={message} />
        ))}
        {mayAskAgain && last !== undefined && (last.author === 'person' || last.state === 'cut') && (
          <li className="unanswered">
            <p>{last.author === 'person' ? 'There is no answer to this yet.' : notFinished}</p>
            <button type="button" onClick={onAskAgain}>
              Ask again
            </button>
          </li>
        )}
      </ol>
      {/* Said once it is whole: a screen reader would otherwise begin anew with every word. */}
      <p className="visually-hidden" aria-live="polite">
        {sayLast(messages)}
      </p>
    </>
  );
}

export function MessageItem({ message: { author, text, state } }: { message: Message }) {
  return (
    <li className={author} aria-busy={state === 'arriving'}>
      <span className="author">{names[author]}</span>
      <p dir="auto">{text === '' ? <span className="waiting">writing…</span> : showPlainly(text)}</p>
      {author === 'assistant' && state !== 'arriving' && (
        <p className="generated">Generated, {state === 'cut' && 'not finished, '}not checked by a person.</p>
      )}
    </li>
  );
}

/** What a screen reader says of the newest: a notice with what follows it, and never what the person has just written. */
export function sayLast(messages: readonly Message[]): string {
  const last = messages.at(-1);
  if (last === undefined || last.author === 'person') return '';
  if (last.state !== 'arriving') {
    const said = `${names[last.author]}: ${showPlainly(last.text)}`;
    return last.state === 'cut' ? `${said} ${notFinished}` : said;
  }
  const question = messages.findLastIndex(({ author }) => author === 'person');
  const notices = messages
    .slice(Math.max(question - 1, 0))
    .flatMap(({ author, text }) => (author === 'notice' ? [text] : []));
  return [...notices, 'The assistant is writing.'].join(' ');
}
