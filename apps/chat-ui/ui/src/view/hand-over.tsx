import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useState } from 'react';
import { askForPerson } from '../service/patient-service.ts';
import { Problem } from './problem.tsx';

interface HandOverProps {
  /** Of a patient, once something was said; visitors have none that the clinic could answer in. */
  readonly conversationId: string | null;
  readonly handedOver: boolean;
  readonly phone: string | null;
  readonly onHandedOver: () => void;
}

/** The way out of the chat to somebody at the clinic. */
export function HandOver({ conversationId, handedOver, phone, onHandedOver }: HandOverProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
  const ask = async (id: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await askForPerson(id);
      onHandedOver();
    } catch (failure) {
      setError(toRequestError(failure));
    } finally {
      setBusy(false);
    }
  };
  if (handedOver)
    return (
      <p className="handed-over" role="status">
        Somebody at the clinic has been told and will contact you. They can read this conversation.
        {phone !== null && ` You can also call ${phone}.`}
      </p>
    );
  return (
    <div className="hand-over">
      {error !== null && conversationId !== null && (
        <Problem error={error} onRetry={() => void ask(conversationId)} />
      )}
      {conversationId !== null && (
        <button type="button" disabled={busy} onClick={() => void ask(conversationId)}>
          {busy ? 'One moment…' : 'Ask for a person'}
        </button>
      )}
      {phone !== null && <p>To speak to a person, call {phone}.</p>}
    </div>
  );
}
