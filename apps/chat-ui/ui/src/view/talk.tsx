import { useState } from 'react';
import { useConversation } from '../conversation/use-conversation.ts';
import type { Kept } from '../conversation/use-kept-conversation.ts';
import type { ChatSettings } from '../service/chat-service.ts';
import { eraseConversation } from '../service/patient-service.ts';
import { Composer } from './composer.tsx';
import { ContactRequest } from './contact-request.tsx';
import { Earlier } from './earlier.tsx';
import { Emergency } from './emergency.tsx';
import { HandOver } from './hand-over.tsx';
import { Messages } from './messages.tsx';
import { Problem } from './problem.tsx';
import { useAttempt } from './use-attempt.ts';

interface TalkProps {
  readonly settings: ChatSettings;
  readonly kept: Kept;
  readonly arrived: boolean;
  /** A patient takes their consent back: nothing more is asked. */
  readonly onWithdraw: () => Promise<void>;
}

const reload = (): void => {
  window.location.reload();
};

export function Talk({ settings: { audience, phone }, kept, arrived, onWithdraw }: TalkProps) {
  const { conversation, busy, error, ask, askAgain, stop, handOver, forget } = useConversation(
    audience,
    kept.conversation,
  );
  const { id, messages, emergency, state } = conversation;
  const [turn, setTurn] = useState(arrived ? 1 : 0);
  const [done, setDone] = useState('');
  const [contact, setContact] = useState<'not-asked' | 'open' | 'sent'>('not-asked');
  const isPatient = audience === 'patients';
  const { attempt, failed } = useAttempt();
  const beginAnew = (said: string): void => {
    forget();
    setDone(said);
    setTurn(turn + 1);
  };
  const erase = async (): Promise<void> => {
    if (isPatient && id !== null) await eraseConversation(id);
    beginAnew(
      isPatient ? 'The conversation has been erased.' : 'The conversation has been cleared from this page.',
    );
  };
  return (
    <>
      {emergency && <Emergency />}
      {kept.error !== null && <Problem error={kept.error} onRetry={reload} />}
      {contact !== 'open' && (
        <Messages
          messages={messages}
          mayAskAgain={!busy && error === null}
          onAskAgain={() => void askAgain()}
        />
      )}
      <p className="done" role="status">
        {messages.length === 0 ? done : ''}
      </p>
      {error !== null && <Problem error={error} onRetry={() => void askAgain()} />}
      {failed !== null && <Problem error={failed.error} onRetry={failed.again} />}
      {state === 'open' && contact !== 'open' && (
        <Composer busy={busy} turn={turn} onSend={(text) => void ask(text)} onStop={stop} />
      )}
      {isPatient ? (
        <HandOver
          conversationId={messages.length > 0 ? id : null}
          handedOver={state === 'handed-over'}
          phone={phone}
          onHandedOver={handOver}
        />
      ) : (
        <ContactRequest
          phone={phone}
          open={contact === 'open'}
          sent={contact === 'sent'}
          onOpen={(open) => {
            setContact(open ? 'open' : 'not-asked');
          }}
          onSent={() => {
            setContact('sent');
          }}
        />
      )}
      <div className="footer">
        {state === 'handed-over' && (
          <button
            type="button"
            className="plain"
            onClick={() => {
              beginAnew('');
            }}
          >
            Begin a new conversation
          </button>
        )}
        {messages.length > 0 && contact !== 'open' && (
          <button
            type="button"
            className="plain"
            aria-disabled={busy}
            onClick={() => {
              if (!busy) attempt(erase);
            }}
          >
            {isPatient ? 'Erase this conversation' : 'Clear this conversation'}
          </button>
        )}
        {isPatient && (
          <button
            type="button"
            className="plain"
            aria-disabled={busy}
            onClick={() => {
              if (!busy) attempt(onWithdraw);
            }}
          >
            Withdraw my consent
          </button>
        )}
      </div>
      {isPatient && <Earlier conversations={kept.earlier} />}
    </>
  );
}
