import { randomUUID } from 'node:crypto';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit.ts';
import type { EngineGrants, StaffRole } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import type { Mailer } from '../recovery/mailer.ts';
import type { Recoveries } from '../recovery/recoveries.ts';
import type { ServiceClients } from './service-clients.ts';

export interface InvitationDependencies {
  readonly issuer: string;
  readonly accounts: Accounts;
  readonly engine: EngineGrants;
  readonly audit: Audit;
  readonly recoveries: Recoveries;
  readonly mailer: Mailer;
  readonly services: ServiceClients;
}

export interface InvitationAsk {
  readonly inviterId: string;
  readonly email: string;
  readonly displayName: string;
  readonly tenantId: string;
  readonly role: StaffRole;
  readonly clinicIds: readonly string[];
  readonly requestId: string;
  readonly address: string;
}

const letterHours = 72;

/** The secret stands in the fragment, which no server and no log sees. */
export const invitationLink = (issuer: string, token: string): string =>
  new URL(`/invitation#${token}`, issuer).href;

/**
 * An administrator, who has just proven a factor, gives somebody a role. The engine decides whether the administrator may.
 * Who has no account yet gets one without a password: a letter to that address leads to a password that nobody else
 * has ever known, and the first sign-in to a factor. Whether there was an account, the administrator does not learn.
 * @throws IdentityError `identity-invitation-refused`, `identity-engine-unavailable`, `identity-audit-unavailable`
 */
export async function invite(deps: InvitationDependencies, ask: InvitationAsk): Promise<void> {
  const { inviterId, tenantId, role, clinicIds } = ask;
  const known = await deps.accounts.findByEmail(ask.email);
  const accountId = known?.id ?? randomUUID();
  const facts = { action: 'account.invited', accountId: inviterId, targetId: accountId, tenantId, requestId: ask.requestId, address: ask.address } as const; // prettier-ignore
  const refuse = async (reasonCode: string): Promise<never> => {
    await deps.audit.appendAudit([{ ...facts, decision: 'deny', reasonCode }]);
    throw new IdentityError('identity-invitation-refused');
  };
  if (known && (known.state !== 'active' || (await deps.services.isService(known.id))))
    return refuse('account-not-active');
  // The name as this administrator gave it: the one that an account has would say that there is one.
  const { displayName } = ask;
  if (
    !(await deps.engine.grantMembership({
      grantedBy: inviterId,
      accountId,
      tenantId,
      role,
      clinicIds,
      displayName,
    }))
  )
    return refuse('not-administered');
  await deps.audit.appendAudit([{ ...facts, decision: 'permit', reasonCode: 'administrator' }]);
  if (!known)
    await deps.accounts.create({
      accountId,
      email: ask.email,
      displayName: ask.displayName,
      passwordHash: null,
    });
  const to = await deps.accounts.readEmail(accountId);
  if (known?.passwordHash) {
    await deps.mailer.send({
      to,
      subject: 'You have a new role',
      text: 'An administrator has given you a role at one more place. You choose it when you sign in next.\n',
    });
    return;
  }
  const { token } = await deps.recoveries.createInvitation(accountId, letterHours);
  const link = invitationLink(deps.issuer, token);
  await deps.mailer.send({
    to,
    subject: 'You are invited',
    text: `An administrator has made an account for you. Open this link within ${letterHours} hours and choose a password:\n\n${link}\n\nYour first sign-in asks you to set up a second step, so have your phone at hand.\n`,
  });
}
