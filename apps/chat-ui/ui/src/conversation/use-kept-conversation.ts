import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useEffect, useState } from 'react';
import type { Audience } from '../service/chat-service.ts';
import { findOpenConversation, readConversation } from '../service/patient-service.ts';
import type { Message } from './conversation.ts';

export interface Kept {
  readonly id: string;
  readonly messages: readonly Message[];
  readonly handedOver: boolean;
}

/** A patient's conversation goes on where it was left, on any device; a visitor's begins anew. `undefined`: not known yet. */
export function useKeptConversation(audience: Audience): {
  kept: Kept | null | undefined;
  error: RequestError | null;
} {
  const [kept, setKept] = useState<Kept | null | undefined>(audience === 'patients' ? undefined : null);
  const [error, setError] = useState<RequestError | null>(null);
  useEffect(() => {
    if (audience !== 'patients') return;
    const read = async (): Promise<void> => {
      const found = await findOpenConversation();
      setKept(
        found && {
          id: found.id,
          messages: await readConversation(found.id),
          handedOver: found.state === 'handed-over',
        },
      );
    };
    read().catch((failure: unknown) => {
      setError(toRequestError(failure));
      // Something new can still be asked.
      setKept(null);
    });
  }, [audience]);
  return { kept, error };
}
