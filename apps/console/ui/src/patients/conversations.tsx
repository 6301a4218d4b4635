import { formatInstant, showPlainly } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { conversationQuery, conversationsQuery } from '../api/record-queries.ts';
import type { Conversation } from '../api/types.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { sayConversationState, saySpeaker } from './conversation-words.ts';

function Turns({ id }: { id: string }) {
  const { data, error, isPending } = useQuery(conversationQuery(id));
  if (error !== null) return <ProblemNotice error={error} />;
  if (isPending) return <Loading what="the conversation" />;
  return (
    <ol className="lines">
      {data.turns.map(({ speaker, at, text }, index) => (
        <li key={index}>
          <p>
            <strong>{saySpeaker(speaker)}</strong> <span className="when">{formatInstant(at)}</span>{' '}
            {speaker === 'assistant' && <Tag tone="warning">Generated, not checked by a person</Tag>}
          </p>
          <p className="read-text" dir="auto">
            <ScrubbedText text={showPlainly(text)} />
          </p>
        </li>
      ))}
    </ol>
  );
}

/** The words are opened, and written down as opened, when a person asks for them. */
function ConversationItem({ conversation: { id, state, createdAt } }: { conversation: Conversation }) {
  const [opened, setOpened] = useState(false);
  const when = formatInstant(createdAt);
  const { tone, words } = sayConversationState(state);
  return (
    <li>
      <p>
        <span className="when">{when}</span> <Tag tone={tone}>{words}</Tag>
      </p>
      {state !== 'closed' && !opened && (
        <button
          type="button"
          className="button"
          onClick={() => {
            setOpened(true);
          }}
        >
          Read<span className="visually-hidden"> the conversation of {when}</span>
        </button>
      )}
      {opened && <Turns id={id} />}
    </li>
  );
}

/** What a patient and the assistant said: whoever is asked for reads it before they call. */
export function Conversations({ patientId }: { patientId: string }) {
  const { data, error, isPending, refetch } = useQuery(conversationsQuery(patientId));
  return (
    <section className="panel" aria-labelledby="conversations-heading">
      <h2 id="conversations-heading">Conversations with the assistant</h2>
      {error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Loading what="conversations" />
      ) : data.items.length === 0 ? (
        <p className="missing">None on this record</p>
      ) : (
        <>
          <p className="hint">
            Details that tell who somebody is were replaced before a program saw the words, and are missing
            here too.
          </p>
          <ul className="lines">
            {data.items.map((conversation) => (
              <ConversationItem key={conversation.id} conversation={conversation} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
