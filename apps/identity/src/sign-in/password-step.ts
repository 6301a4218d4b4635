import type { Logger } from '@cordon/service';
import { normaliseEmail, type Account, type Accounts } from '../accounts/accounts.ts';
import { verifyPassword } from '../accounts/password.ts';
import {
  addressLane,
  addressLimit,
  passwordLimit,
  tenantLimit,
  type Attempts,
} from '../attempts/attempts.ts';
import type { TenantLane } from '../attempts/tenant-lane.ts';
import type { Audit } from '../audit.ts';
import { IdentityError } from '../error.ts';
import { hashValue } from '../keys.ts';
import { reportRefusal } from '../refusals.ts';

export interface PasswordDependencies {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly tenantOf: TenantLane;
  readonly audit: Audit;
  readonly logger: Logger;
}

export interface PasswordAttempt {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly deviceCookie: string | undefined;
  readonly requestId: string;
}

/**
 * Checks e-mail address and password. An unknown address takes the same steps, at the same cost, to the same answer.
 * @throws IdentityError `identity-credentials-refused`, `identity-attempts-exceeded`, `identity-busy`
 */
export async function checkPassword(deps: PasswordDependencies, attempt: PasswordAttempt): Promise<Account> {
  const { attempts } = deps;
  const address = addressLane(attempt.address);
  const { account, known, tenantId } = await deps.accounts.findCaller(attempt.email, attempt.deviceCookie);
  const lane =
    known && attempt.deviceCookie !== undefined
      ? `device:${hashValue(attempt.deviceCookie).toString('hex')}`
      : `account:${normaliseEmail(attempt.email)}`;
  const tenant = known ? undefined : await deps.tenantOf(tenantId, attempt.email);
  // Who fails on purpose at every account from the clinic's own network holds up no browser that has signed in there before.
  const shared = known ? [] : [address, ...(tenant === undefined ? [] : [tenant])];
  await attempts.reserve(lane, passwordLimit, shared);
  let right: boolean;
  try {
    right = await verifyPassword(attempt.password, account?.passwordHash);
  } catch (error) {
    await attempts.forget(lane);
    throw error;
  }
  if (!right || account?.state !== 'active') {
    await attempts.countFailure(address, addressLimit);
    if (tenant !== undefined) await attempts.countFailure(tenant, tenantLimit);
    const reasonCode = account && account.state !== 'active' ? 'account-not-active' : 'credentials-wrong';
    const facts = { accountId: account?.id, requestId: attempt.requestId, address: attempt.address };
    await reportRefusal(deps, { ...facts, reasonCode });
    throw new IdentityError('identity-credentials-refused');
  }
  await attempts.forget(lane);
  return account;
}
