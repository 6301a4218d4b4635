import { type RequestErrorCode, toRequestError } from '@cordon/clinic-page';

const WORDS: Record<RequestErrorCode, string> = {
  unreachable: 'We could not reach the clinic’s server. Check your internet connection, then try again.',
  cancelled: 'This was stopped before it was done. Try again.',
  'session-ended': 'You have been signed out. Sign in again.',
  locked: 'You have been signed out. Sign in again.',
  confirm: 'Confirm that it is you, then try again.',
  refused: 'You are not allowed to see this. If you think you should be, contact your clinic.',
  'not-found': 'We could not find your record. Contact your clinic.',
  busy: 'Many people are using the portal just now. Wait a moment, then try again.',
  rejected: 'Something went wrong on our side. Try again in a few minutes.',
  failed: 'Something went wrong on our side. Try again in a few minutes.',
};

/** What a patient is told. The server's own sentence speaks to staff and developers, so it is left out. */
export function sayProblem(error: unknown): string {
  return WORDS[toRequestError(error).code];
}
