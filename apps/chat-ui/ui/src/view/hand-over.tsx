import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useState } from 'react';
import { askForPerson } from '../service/patient-service.ts';
import { Phone } from './phone.tsx';
import { Problem } from './problem.tsx';
import { useFocusWhen } from './use-focus-when.ts';

interface HandOverProps {
  /** Once something was said. */
  readonly conversationId: string | null;
  readonly handedOver: boolean;
  readonly phone: string | null;
  readonly onHandedOver: () => void;
}

/** A patient's way out of the chat to somebody at the clinic, who then reads what was said. */
export function HandOver({ conversationId, handedOver, phone, onHandedOver }: HandOverProps) {
  const [asked, setAsked] = useState(false);
  const told = useFocusWhen<HTMLParagraphElement>(asked);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
  const ask = async (id: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await askForPerson(id);
      onHandedOver();
      setAsked(true);
    } catch (failure) {
      setError(toRequestError(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="hand-over">
      <div role="status">
        {handedOver && (
          <p className="handed-over" ref={told} tabIndex={-1}>
            Somebody at the clinic has been told and will contact you. They can read this conversation.
          </p>
        )}
      </div>
      {!handedOver && error !== null && conversationId !== null && (
        <Problem error={error} onRetry={() => void ask(conversationId)} />
      )}
      {!handedOver && conversationId !== null && (
        <button type="button" aria-disabled={busy} onClick={() => void (busy || ask(conversationId))}>
          {busy ? 'One moment…' : 'Ask for a person'}
        </button>
      )}
      <Phone number={phone} />
    </div>
  );
}
