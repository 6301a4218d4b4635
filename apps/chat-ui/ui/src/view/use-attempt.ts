import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useState } from 'react';

interface Attempts {
  /** Does what a person asked for; where it fails, it can be asked for again. */
  readonly attempt: (work: () => Promise<void>) => void;
  readonly failed: { readonly error: RequestError; readonly again: () => void } | null;
}

export function useAttempt(): Attempts {
  const [failed, setFailed] = useState<Attempts['failed']>(null);
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
  return { attempt, failed };
}
