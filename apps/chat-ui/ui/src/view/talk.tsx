import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useState } from 'react';
import { useConversation } from '../conversation/use-conversation.ts';
import type { Kept } from '../conversation/use-kept-conversation.ts';
import type { ChatSettings } from '../service/chat-service.ts';
import { eraseConversation } from '../service/patient-service.ts';
import { Composer } from './composer.tsx';
import { Emergency } from './emergency.tsx';
import { HandOver } from './hand-over.tsx';
import { Messages } from './messages.tsx';
import { Problem } from './problem.tsx';

interface TalkProps {
  readonly settings: ChatSettings;
  readonly kept: Kept | null;
  readonly keptError: RequestError | null;
  /** A patient takes their consent back: nothing more is asked. */
  readonly onWithdraw: () => Promise<void>;
}

const reload = (): void => {
  window.location.reload();
};

export function Talk({ settings: { audience, phone }, kept, keptError, onWithdraw }: TalkProps) {
  const { conversation, busy, error, ask, askAgain, stop, handOver, forget } = useConversation(
    audience,
    kept,
  );
  const { id, messages, emergency, state } = conversation;
  const [failed, setFailed] = useState<{ error: RequestError; again: () => void } | null>(null);
  const isPatient = audience === 'patients';
  const attempt = (work: () => Promise<void>): void => {
    setFailed(null);
    work().catch((failure: unknown) => {
      setFailed({
        error: toRequestError(failure),
        again: () => {
          attempt(work);
        },
      });
    });
  };
  const erase = async (): Promise<void> => {
    if (isPatient && id !== null) await eraseConversation(id);
    forget();
  };
  return (
    <>
      {emergency && <Emergency />}
      {keptError !== null && <Problem error={keptError} onRetry={reload} />}
      <Messages messages={messages} busy={busy} onAskAgain={() => void askAgain()} />
      {error !== null && <Problem error={error} onRetry={() => void askAgain()} />}
      {failed !== null && <Problem error={failed.error} onRetry={failed.again} />}
      {state === 'open' && <Composer busy={busy} onSend={(text) => void ask(text)} onStop={stop} />}
      <HandOver
        conversationId={isPatient && messages.length > 0 ? id : null}
        handedOver={state === 'handed-over'}
        phone={phone}
        onHandedOver={handOver}
      />
      <p className="footer">
        {messages.length > 0 && (
          <button
            type="button"
            className="plain"
            disabled={busy}
            onClick={() => {
              attempt(erase);
            }}
          >
            {isPatient ? 'Erase this conversation' : 'Clear this conversation'}
          </button>
        )}
        {isPatient && (
          <button
            type="button"
            className="plain"
            disabled={busy}
            onClick={() => {
              attempt(onWithdraw);
            }}
          >
            Withdraw my consent
          </button>
        )}
      </p>
    </>
  );
}
