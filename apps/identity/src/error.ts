import type { PublicError } from '@cordon/service';

export type IdentityErrorCode =
  | 'identity-request-forged'
  | 'identity-interaction-unknown'
  | 'identity-credentials-refused'
  | 'identity-attempts-exceeded'
  | 'identity-busy'
  | 'identity-step-refused'
  | 'identity-code-refused'
  | 'identity-passkey-refused'
  | 'identity-password-too-short'
  | 'identity-password-common'
  | 'identity-password-unchanged'
  | 'identity-recovery-refused'
  | 'identity-recovery-cooling'
  | 'identity-approval-refused'
  | 'identity-invitation-refused'
  | 'identity-client-exists'
  | 'identity-no-access'
  | 'identity-choice-unknown'
  | 'identity-engine-unavailable'
  | 'identity-audit-unavailable'
  | 'identity-account-exists'
  | 'identity-account-other'
  | 'identity-account-unusable'
  | 'identity-invitation-failed'
  | 'identity-seed-invalid'
  | 'identity-seed-refused';

const meanings: Record<IdentityErrorCode, readonly [status: number, publicMessage: string]> = {
  'identity-request-forged': [403, 'This request did not come from the sign-in page. Open the sign-in page again.'],
  'identity-interaction-unknown': [410, 'This sign-in has expired or was already used. Go back and start again.'],
  'identity-credentials-refused': [401, 'The e-mail address or the password is not right. Check both and try again.'],
  'identity-attempts-exceeded': [429, 'There were too many attempts. Wait a little, then try again.'],
  'identity-busy': [503, 'Many people are signing in right now. Try again in a moment.'],
  'identity-step-refused': [409, 'This step is not due now. Reload the page and carry on from there.'],
  'identity-code-refused': [401, 'The code is not right, or was used before. Wait for the next code and enter it.'],
  'identity-passkey-refused': [401, 'The passkey was not accepted. Try again, or use another way.'],
  'identity-password-too-short': [422, 'The password is too short. Use more characters; a few words in a row are easy to remember.'],
  'identity-password-common': [422, 'This password is among the first that others would try. Choose another one.'],
  'identity-password-unchanged': [422, 'This is your present password. Choose another one.'],
  'identity-recovery-refused': [401, 'This link or code is not valid any more. Ask for a new one.'],
  'identity-recovery-cooling': [409, 'This code does not work yet. Try again when its waiting time is over.'],
  'identity-approval-refused': [403, 'You cannot approve this reset. Ask an administrator who manages this person.'],
  'identity-invitation-refused': [403, 'You cannot do this there. Ask somebody who administers that place.'],
  'identity-client-exists': [409, 'This name is taken. Choose another one.'],
  'identity-no-access': [403, 'Your account has no access here. Ask the administrator of your clinic.'],
  'identity-choice-unknown': [400, 'This organisation is not one of yours. Choose one from the list.'],
  'identity-engine-unavailable': [503, 'Signing in is not possible for the moment. Try again shortly.'],
  'identity-audit-unavailable': [503, 'Signing in is not possible for the moment. Try again shortly.'],
  'identity-account-exists': [409, 'There is an account with this e-mail address already. Use it, or another address.'],
  'identity-account-other': [409, 'This name is taken, with another administrator. Give the address of that one, or choose another name.'],
  'identity-account-unusable': [409, 'The account of this address is suspended or belongs to an integration. Give another address.'],
  'identity-invitation-failed': [500, 'The invitation could not be made. Run the command again: it is taken up where it stopped.'],
  'identity-seed-refused': [500, 'The demo is not for production. Add the first clinic group with cordon tenants add.'],
  'identity-seed-invalid': [500, 'The seed file could not be read. Create it again with the command line.'],
}; // prettier-ignore

/** What identity throws on purpose. The public message depends on the code alone, so it cannot carry input. */
export class IdentityError extends Error implements PublicError {
  override readonly name = 'IdentityError';
  readonly code: IdentityErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: IdentityErrorCode,
    more: { detail?: string; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    const [status, publicMessage] = meanings[code];
    super(`${code}: ${publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = status;
    this.detail = more.detail;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}
