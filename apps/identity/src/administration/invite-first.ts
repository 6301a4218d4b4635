import type { Account, Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit.ts';
import { IdentityError } from '../error.ts';
import type { Recoveries } from '../recovery/recoveries.ts';
import { invitationLink } from './invite.ts';
import type { ServiceClients } from './service-clients.ts';

export interface FirstInvitationDependencies {
  readonly issuer: string;
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly recoveries: Recoveries;
  readonly services: ServiceClients;
}

export interface FirstInvitationAsk {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  readonly tenantId: string;
}

/** A person without a password gets a link; one who has a password signs in with it. */
export type FirstInvitation = { readonly link: string; readonly expiresAt: string } | { readonly link: null };

/** The operator may well send it by e-mail, for which NIST SP 800-63A-3 (4.4.1.6) allows an enrolment code 24 hours. */
const linkHours = 24;

/**
 * The account of an address that an operator wants to administer a new place; undefined where there is none yet.
 * @throws IdentityError `identity-account-unusable`
 */
export async function findInvitee(
  deps: FirstInvitationDependencies,
  email: string,
): Promise<string | undefined> {
  const account = await deps.accounts.findByEmail(email);
  if (account) await requireUsable(deps, account);
  return account?.id;
}

/**
 * An operator's invitation of a place's first administrator, whom nobody there could invite. Repeating it makes another link,
 * which ends the one before; who has a password gets none, since it would be a way around it.
 * @throws IdentityError `identity-account-other` where account and address do not belong together,
 *   `identity-account-unusable`, `identity-audit-unavailable`
 */
export async function inviteFirst(
  deps: FirstInvitationDependencies,
  ask: FirstInvitationAsk,
): Promise<FirstInvitation> {
  const known = await findOwn(deps, ask);
  if (known) await requireUsable(deps, known);
  if (known?.passwordHash) return { link: null };
  await deps.audit.appendAudit([
    {
      action: 'account.invited',
      decision: 'permit',
      reasonCode: 'operator',
      bySystem: true,
      targetId: ask.accountId,
      tenantId: ask.tenantId,
    },
  ]);
  if (!known) await createOnce(deps, ask);
  const { token, expiresAt } = await deps.recoveries.createInvitation(ask.accountId, linkHours);
  return { link: invitationLink(deps.issuer, token), expiresAt: expiresAt.toISOString() };
}

async function findOwn(
  deps: FirstInvitationDependencies,
  ask: FirstInvitationAsk,
): Promise<Account | undefined> {
  const byEmail = await deps.accounts.findByEmail(ask.email);
  const byId = await deps.accounts.findById(ask.accountId);
  if (byEmail?.id !== byId?.id) throw new IdentityError('identity-account-other');
  return byId;
}

/** Of two concurrent commands one creates the account, the other finds it. */
async function createOnce(deps: FirstInvitationDependencies, ask: FirstInvitationAsk): Promise<void> {
  const { accountId, email, displayName } = ask;
  try {
    await deps.accounts.create({ accountId, email, displayName, passwordHash: null });
  } catch (error) {
    const exists = error instanceof IdentityError && error.code === 'identity-account-exists';
    if (!exists || !(await findOwn(deps, ask))) throw error;
  }
}

async function requireUsable(
  { services }: FirstInvitationDependencies,
  { id, state }: Account,
): Promise<void> {
  if (state !== 'active' || (await services.isService(id)))
    throw new IdentityError('identity-account-unusable');
}
