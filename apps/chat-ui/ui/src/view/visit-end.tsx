import { toRequestError, useNow, type RequestError } from '@cordon/clinic-page';
import { useEffect, useState } from 'react';
import { Problem } from './problem.tsx';

/** How long before the end a visitor is warned (WCAG 2.2, 2.2.1 asks for at least 20 seconds). */
const warningMs = 120_000;

interface VisitEndProps {
  /** Epoch milliseconds. */
  readonly endsAt: number;
  /** Throws RequestError. */
  readonly onGoOn: () => Promise<void>;
  readonly onEnd: () => void;
}

/** Warns of the end of a visit, which anybody who is there puts off, and says when it has come. */
export function VisitEnd({ endsAt, onGoOn, onEnd }: VisitEndProps) {
  const left = endsAt - useNow();
  const over = left <= 0;
  const near = left <= warningMs && !over;
  const [error, setError] = useState<RequestError | null>(null);
  useEffect(() => {
    if (over) onEnd();
  }, [over, onEnd]);
  const goOn = (): void => {
    setError(null);
    onGoOn().catch((failure: unknown) => {
      setError(toRequestError(failure));
    });
  };
  return (
    <div className="visit-end" role="status">
      {near && (
        <>
          <p>
            Your visit ends in {left > warningMs / 2 ? 'two minutes' : 'one minute'}. Then this page forgets
            the conversation, and you can no longer see or erase what is kept of it.
          </p>
          <button type="button" onClick={goOn}>
            Go on with the visit
          </button>
        </>
      )}
      {error !== null && <Problem error={error} onRetry={goOn} />}
    </div>
  );
}
