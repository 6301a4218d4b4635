import { canRetry, toRequestError } from '@cordon/clinic-page';

export interface Explanation {
  readonly title: string;
  readonly body: string;
  /** What a person can quote when asking for help. */
  readonly reference?: string;
  readonly canRetry: boolean;
  /** A fresh factor is asked for; after it, the same can be tried again. */
  readonly needsFactor: boolean;
}

const TITLES = {
  unreachable: 'No connection',
  cancelled: 'Cancelled',
  'session-ended': 'Your session has ended',
  locked: 'Locked',
  confirm: 'Confirm that it is you',
  refused: 'Not allowed for your role',
  'not-found': 'Not found',
  busy: 'Busy right now',
  rejected: 'Not accepted',
  failed: 'Something went wrong',
} as const;

/** Says what happened in words for the person at the desk. */
export function explainError(error: unknown): Explanation {
  const known = toRequestError(error);
  const wait = known.retryAfterSeconds;
  const body =
    known.code === 'busy' && wait !== undefined
      ? `${known.publicMessage} It asks for ${wait === 1 ? '1 second' : `${wait} seconds`}.`
      : known.publicMessage;
  return {
    title: TITLES[known.code],
    body,
    canRetry: canRetry(known) || known.code === 'confirm',
    needsFactor: known.code === 'confirm',
    ...(known.requestId !== undefined && known.code !== 'busy' ? { reference: known.requestId } : {}),
  };
}
