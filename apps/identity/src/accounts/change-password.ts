import type { Audit } from '../audit.ts';
import { IdentityError } from '../error.ts';
import type { Revocations } from '../provider/revocations.ts';
import type { Account, Accounts } from './accounts.ts';
import { checkNewPassword, personalWords } from './password-rules.ts';
import { hashPassword, verifyPassword } from './password.ts';

export interface PasswordChangeDependencies {
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly revocations: Revocations;
}

export interface PasswordChange {
  readonly account: Account;
  readonly password: string;
  /** Characters that it must have. */
  readonly shortest: number;
  /** How the person came to change it. */
  readonly reasonCode: 'required' | 'chosen' | 'recovered' | 'invited';
  /** The sign-in in which it is changed. Every other that is under way goes no further. */
  readonly goesOn?: string;
  /** Whether every factor goes with the old password. */
  readonly resetsFactors?: boolean;
  readonly requestId: string;
  readonly address: string;
  /** Runs when the password is good and before it counts; a throw leaves everything as it was. */
  readonly first?: () => Promise<void>;
}

/**
 * Sets a new password and ends every session of the account, and every sign-in under way: whoever knew the old one is out.
 * @throws IdentityError `identity-password-too-short`, `identity-password-common`, `identity-password-unchanged`,
 *   `identity-audit-unavailable`, `identity-busy`, `identity-step-refused` when it was changed meanwhile
 */
export async function changePassword(
  deps: PasswordChangeDependencies,
  change: PasswordChange,
): Promise<void> {
  const { account, password } = change;
  checkNewPassword(password, change.shortest, personalWords(await deps.accounts.readEmail(account.id)));
  if (account.passwordHash !== null && (await verifyPassword(password, account.passwordHash)))
    throw new IdentityError('identity-password-unchanged');
  const hash = await hashPassword(password);
  await change.first?.();
  await deps.audit.appendAudit([
    {
      action: 'account.password-changed',
      decision: 'permit',
      reasonCode: change.reasonCode,
      accountId: account.id,
      requestId: change.requestId,
      address: change.address,
    },
  ]);
  const { goesOn, resetsFactors } = change;
  const set = await deps.accounts.setPassword(account, hash, {
    ...(goesOn === undefined ? {} : { goesOn }),
    ...(resetsFactors === undefined ? {} : { resetsFactors }),
  });
  if (!set) throw new IdentityError('identity-step-refused');
  await deps.revocations.revokeAll(account.id, 'credentials-changed');
}
