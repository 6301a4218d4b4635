import { useEffect, useRef } from 'react';
import type { Message } from '../conversation/conversation.ts';

const names = { person: 'You', assistant: 'Assistant', notice: 'Notice' } as const;

interface MessagesProps {
  readonly messages: readonly Message[];
  readonly onAskAgain: () => void;
  readonly busy: boolean;
}

/** Text alone: what a model writes is never read as markup, and no address in it becomes a link or a picture. */
export function Messages({ messages, onAskAgain, busy }: MessagesProps) {
  const end = useRef<HTMLDivElement>(null);
  const last = messages.at(-1);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [messages.length, last?.text.length]);

  return (
    <>
      <ol className="messages" aria-label="Conversation" tabIndex={0}>
        {messages.map(({ id, author, text, state }) => (
          <li key={id} className={author} aria-busy={state === 'arriving'}>
            <span className="author">{names[author]}</span>
            <p>{text === '' ? <span className="waiting">writing…</span> : text}</p>
            {author === 'assistant' && state !== 'arriving' && (
              <p className="generated">Generated, not checked by a person.</p>
            )}
            {state === 'cut' && (
              <p className="cut">
                The connection was lost before the end.{' '}
                <button type="button" disabled={busy} onClick={onAskAgain}>
                  Ask again
                </button>
              </p>
            )}
          </li>
        ))}
      </ol>
      <div ref={end} />
      {/* Said once it is whole: a screen reader would otherwise begin anew with every word. */}
      <p className="visually-hidden" aria-live="polite">
        {last?.state === 'arriving' ? 'The assistant is writing.' : spoken(last)}
      </p>
    </>
  );
}

function spoken(message: Message | undefined): string {
  if (message === undefined || message.author === 'person') return '';
  return `${names[message.author]}: ${message.text}`;
}
