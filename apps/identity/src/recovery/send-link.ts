import type { Accounts } from '../accounts/accounts.ts';
import { normaliseEmail } from '../accounts/accounts.ts';
import type { Attempts, Limit } from '../attempts/attempts.ts';
import type { Audit } from '../audit.ts';
import type { EngineGrants } from '../engine/sign-in-grants.ts';
import type { Mailer } from './mailer.ts';
import { linkMinutes, type Recoveries } from './recoveries.ts';

/** Letters to one address: a stranger cannot fill anybody's mailbox. */
const letterLimit: Limit = { free: 3, longestWaitSeconds: 3_600 };

/**
 * Sends a patient the link to a new password. Staff have administrators, who know them by face; nobody else gets a
 * letter. The link's secret stands in its fragment, which no server and no log sees.
 * @throws IdentityError `identity-attempts-exceeded`, `identity-engine-unavailable`, `identity-audit-unavailable`
 */
export async function sendRecoveryLink(
  deps: {
    issuer: string;
    accounts: Accounts;
    engine: EngineGrants;
    attempts: Attempts;
    audit: Audit;
    recoveries: Recoveries;
    mailer: Mailer;
  },
  ask: { email: string; requestId: string; address: string },
): Promise<void> {
  const account = await deps.accounts.findByEmail(ask.email);
  if (account?.state !== 'active') return;
  await deps.attempts.reserve(`letter:${normaliseEmail(ask.email)}`, letterLimit);
  const grants = await deps.engine.signInGrants(account.id);
  const patient = grants.length > 0 && grants.every(({ role }) => role === 'role.patient');
  await deps.audit.appendAudit([
    {
      action: 'account.recovery-requested',
      decision: patient ? 'permit' : 'deny',
      reasonCode: patient ? 'link-sent' : 'not-a-patient',
      accountId: account.id,
      ...(patient ? { role: 'role.patient' } : {}),
      requestId: ask.requestId,
      address: ask.address,
    },
  ]);
  if (!patient) return;
  const token = await deps.recoveries.createLink(account.id);
  await deps.mailer.send({
    // What was verified is the address on file, not the one that was typed.
    to: await deps.accounts.readEmail(account.id),
    subject: 'Choose a new password',
    text: `Open this link within ${linkMinutes} minutes to choose a new password:\n\n${new URL(`/recover#${token}`, deps.issuer).href}\n\nIf you did not ask for it, you need not do anything.\n`,
  });
}
