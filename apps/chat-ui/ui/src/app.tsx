import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useEffect, useState } from 'react';
import { useKeptConversation } from './conversation/use-kept-conversation.ts';
import { forgetInTab, takeFromTab } from './conversation/tab-storage.ts';
import { readSettings, type ChatSettings } from './service/chat-service.ts';
import { hasConsented, readPatient, recordConsent, type Patient } from './service/patient-service.ts';
import { endVisit, renewVisit } from './service/visitor-service.ts';
import { Consent } from './view/consent.tsx';
import { Problem } from './view/problem.tsx';
import { Talk } from './view/talk.tsx';

interface Begun {
  readonly settings: ChatSettings;
  /** Null for a visitor, whom nobody knows. */
  readonly patient: Patient | null;
  readonly agreed: boolean;
  readonly visitEndsAt: number | null;
}

async function begin(): Promise<Begun> {
  const settings = await readSettings();
  if (settings.audience === 'patients') {
    const patient = await readPatient();
    const agreed = await hasConsented(patient);
    return { settings: { ...settings, phone: patient.phone }, patient, agreed, visitEndsAt: null };
  }
  const visitEndsAt = takeFromTab() === null ? null : await takeUpVisit();
  return { settings, patient: null, agreed: visitEndsAt !== null, visitEndsAt };
}

/** A visitor who loads the page anew has agreed in this tab already, as long as the visit of then goes on. */
async function takeUpVisit(): Promise<number | null> {
  const { endsAt, renewed } = await renewVisit();
  if (renewed) return endsAt;
  forgetInTab();
  await endVisit();
  return null;
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
      {error === null && begun === null && <p role="status">One moment…</p>}
      {begun !== null && <Chat {...begun} />}
    </main>
  );
}

function Chat({ settings, patient, agreed: agreedBefore, visitEndsAt: endsAtBefore }: Begun) {
  const { audience, phone } = settings;
  const [agreed, setAgreed] = useState(agreedBefore);
  const [visitEndsAt, setVisitEndsAt] = useState(endsAtBefore);
  const [withdrawn, setWithdrawn] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
  const [decision, setDecision] = useState(() => crypto.randomUUID());
  const agree = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      if (patient === null) setVisitEndsAt((await renewVisit()).endsAt);
      else await recordConsent(patient, 'given', decision);
      setAgreed(true);
    } catch (failure) {
      setError(toRequestError(failure));
    } finally {
      setBusy(false);
    }
  };
  if (!agreed)
    return (
      <Consent
        audience={audience}
        phone={phone}
        busy={busy}
        error={error}
        returned={withdrawn}
        onAgree={() => void (busy || agree())}
      />
    );
  const withdraw = async (): Promise<void> => {
    if (patient !== null) await recordConsent(patient, 'withdrawn', crypto.randomUUID());
    setDecision(crypto.randomUUID());
    setAgreed(false);
    setWithdrawn(true);
  };
  return (
    <Continued
      settings={settings}
      visitEndsAt={visitEndsAt}
      arrived={!agreedBefore || withdrawn}
      onWithdraw={withdraw}
    />
  );
}

interface ContinuedProps {
  readonly settings: ChatSettings;
  readonly visitEndsAt: number | null;
  /** Whether the person has just agreed here, so that what they do next is to write. */
  readonly arrived: boolean;
  readonly onWithdraw: () => Promise<void>;
}

function Continued({ settings, visitEndsAt, arrived, onWithdraw }: ContinuedProps) {
  const kept = useKeptConversation(settings.audience);
  if (kept === null) return <p role="status">One moment…</p>;
  return (
    <Talk
      settings={settings}
      kept={kept}
      visitEndsAt={visitEndsAt}
      arrived={arrived}
      onWithdraw={onWithdraw}
    />
  );
}
