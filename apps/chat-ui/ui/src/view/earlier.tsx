import { formatInstant } from '@cordon/clinic-page';
import { useState } from 'react';
import type { Message } from '../conversation/conversation.ts';
import { eraseConversation, readConversation, type KeptConversation } from '../service/patient-service.ts';
import { MessageItem } from './messages.tsx';
import { Problem } from './problem.tsx';
import { useAttempt } from './use-attempt.ts';
import { useFocusWhen } from './use-focus-when.ts';

/** What a patient said before: to be read, and erased. */
export function Earlier({ conversations }: { conversations: readonly KeptConversation[] }) {
  const [erased, setErased] = useState<ReadonlySet<string>>(new Set());
  const left = conversations.filter(({ id }) => !erased.has(id));
  const said = useFocusWhen<HTMLParagraphElement>(erased.size);
  return (
    <>
      {left.length > 0 && (
        <details className="earlier">
          <summary>Earlier conversations ({left.length})</summary>
          <ul>
            {left.map((conversation) => (
              <EarlierItem
                key={conversation.id}
                conversation={conversation}
                onErased={() => {
                  setErased(new Set([...erased, conversation.id]));
                }}
              />
            ))}
          </ul>
        </details>
      )}
      <p className="done" role="status" tabIndex={-1} ref={said}>
        {erased.size > 0 && 'It has been erased, here and at the clinic.'}
      </p>
    </>
  );
}

function EarlierItem({
  conversation: { id, startedAt },
  onErased,
}: {
  conversation: KeptConversation;
  onErased: () => void;
}) {
  const [messages, setMessages] = useState<readonly Message[] | null>(null);
  const when = formatInstant(startedAt);
  const words = useFocusWhen<HTMLOListElement>(messages !== null);
  const { attempt, failed } = useAttempt();
  return (
    <li>
      <span>{when}</span>
      {messages === null && (
        <button
          type="button"
          className="plain"
          onClick={() => {
            attempt(async () => {
              setMessages(await readConversation(id));
            });
          }}
        >
          Read<span className="visually-hidden"> the conversation of {when}</span>
        </button>
      )}
      <button
        type="button"
        className="plain"
        onClick={() => {
          attempt(async () => {
            await eraseConversation(id);
            onErased();
          });
        }}
      >
        Erase<span className="visually-hidden"> the conversation of {when}</span>
      </button>
      {failed !== null && <Problem error={failed.error} onRetry={failed.again} />}
      {messages !== null && (
        <ol className="messages" aria-label={`What was said: ${when}`} tabIndex={0} ref={words}>
          {messages.map((message) => (
            <MessageItem key={message.id} message={message} />
          ))}
        </ol>
      )}
    </li>
  );
}
