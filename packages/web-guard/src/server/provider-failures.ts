import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { WebGuardError } from '../error.ts';

export function unavailable(cause: unknown): WebGuardError {
  return new WebGuardError(
    'sign-in-unavailable',
    'The sign-in service does not answer at the moment. Try again in a few seconds.',
    { cause, retryAfterSeconds: 5 },
  );
}

export function refused(cause: unknown): WebGuardError {
  const detail = cause instanceof Error && 'error' in cause ? String(cause.error).slice(0, 60) : undefined;
  return new WebGuardError('sign-in-refused', 'You were not signed in. Try again.', {
    cause,
    ...(detail === undefined ? {} : { detail }),
  });
}

/** Answers that are no OAuth answer at all, as a proxy in front of a provider gives them (openid-client's codes). */
const strangeAnswers = new Set([
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_TIMEOUT',
]);

/** Whether the provider could not answer, which may be over in a moment; anything else is its no, or ours. */
export function isAway(error: unknown): boolean {
  if (error instanceof ResponseBodyError)
    return error.status >= 500 || error.status === 429 || error.error === 'temporarily_unavailable';
  if (error instanceof AuthorizationResponseError) return error.error === 'temporarily_unavailable';
  if (error instanceof ClientError) return strangeAnswers.has(error.code ?? '');
  if (error instanceof WebGuardError) return error.code === 'sign-in-unavailable';
  // fetch throws TypeError when it cannot connect, and a DOMException when its time is up.
  return error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');
}
