import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useEffect, useState } from 'react';
import { useConversation } from './conversation/use-conversation.ts';
import { beginVisit, readAudience, type Audience } from './service/chat-service.ts';
import { Composer } from './view/composer.tsx';
import { Consent } from './view/consent.tsx';
import { Emergency } from './view/emergency.tsx';
import { Messages } from './view/messages.tsx';
import { Problem } from './view/problem.tsx';

export function App() {
  const [audience, setAudience] = useState<Audience | null>(null);
  const [error, setError] = useState<RequestError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    readAudience().then(setAudience, (failure: unknown) => {
      setError(toRequestError(failure));
    });
  }, [attempt]);
  const again = (): void => {
    setError(null);
    setAttempt(attempt + 1);
  };
  return (
    <main>
      <h1>Chat with the clinic</h1>
      {error !== null && <Problem error={error} onRetry={again} />}
      {audience !== null && <Chat audience={audience} />}
    </main>
  );
}

function Chat({ audience }: { audience: Audience }) {
  const [agreed, setAgreed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
  const agree = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await beginVisit(audience);
      setAgreed(true);
    } catch (failure) {
      setError(toRequestError(failure));
    } finally {
      setBusy(false);
    }
  };
  if (!agreed) return <Consent audience={audience} busy={busy} error={error} onAgree={() => void agree()} />;
  return <Talk audience={audience} />;
}

function Talk({ audience }: { audience: Audience }) {
  const { conversation, busy, error, ask, askAgain, stop, erase } = useConversation(audience);
  const { messages, emergency } = conversation;
  return (
    <>
      {emergency && <Emergency />}
      <Messages messages={messages} busy={busy} onAskAgain={() => void askAgain()} />
      {error !== null && <Problem error={error} onRetry={() => void askAgain()} />}
      <Composer busy={busy} onSend={(text) => void ask(text)} onStop={stop} />
      {messages.length > 0 && (
        <p className="footer">
          <button type="button" className="plain" onClick={erase}>
            Clear this conversation
          </button>
        </p>
      )}
    </>
  );
}
