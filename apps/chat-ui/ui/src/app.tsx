import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useEffect, useState } from 'react';
import { useKeptConversation } from './conversation/use-kept-conversation.ts';
import { takeFromTab } from './conversation/tab-storage.ts';
import { readSettings, type ChatSettings } from './service/chat-service.ts';
import { hasConsented, recordConsent } from './service/patient-service.ts';
import { beginVisit } from './service/visitor-service.ts';
import { Consent } from './view/consent.tsx';
import { Problem } from './view/problem.tsx';
import { Talk } from './view/talk.tsx';

interface Begun {
  readonly settings: ChatSettings;
  readonly agreed: boolean;
}

async function begin(): Promise<Begun> {
  const settings = await readSettings();
  // A visitor who loads the page anew has agreed in this tab already.
  const agreed = settings.audience === 'patients' ? await hasConsented() : takeFromTab() !== null;
  return { settings, agreed };
}

export function App() {
  const [begun, setBegun] = useState<Begun | null>(null);
  const [error, setError] = useState<RequestError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    begin().then(setBegun, (failure: unknown) => {
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
      {begun !== null && <Chat {...begun} />}
    </main>
  );
}

function Chat({ settings, agreed: agreedBefore }: Begun) {
  const { audience } = settings;
  const [agreed, setAgreed] = useState(agreedBefore);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
  const [decision, setDecision] = useState(() => crypto.randomUUID());
  const agree = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      if (audience === 'patients') await recordConsent('given', decision);
      else await beginVisit();
      setAgreed(true);
    } catch (failure) {
      setError(toRequestError(failure));
    } finally {
      setBusy(false);
    }
  };
  if (!agreed) return <Consent audience={audience} busy={busy} error={error} onAgree={() => void agree()} />;
  const withdraw = async (): Promise<void> => {
    await recordConsent('withdrawn', crypto.randomUUID());
    setDecision(crypto.randomUUID());
    setAgreed(false);
  };
  return <Continued settings={settings} arrived={!agreedBefore} onWithdraw={withdraw} />;
}

interface ContinuedProps {
  readonly settings: ChatSettings;
  /** Whether the person has just agreed here, so that what they do next is to write. */
  readonly arrived: boolean;
  readonly onWithdraw: () => Promise<void>;
}

function Continued({ settings, arrived, onWithdraw }: ContinuedProps) {
  const kept = useKeptConversation(settings.audience);
  if (kept === null) return <p role="status">One moment…</p>;
  return <Talk settings={settings} kept={kept} arrived={arrived} onWithdraw={onWithdraw} />;
}
