import type { ServiceClients } from '../administration/service-clients.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit.ts';
import type { EngineGrants, SignInGrant } from '../engine/sign-in-grants.ts';
import { IdentityError } from '../error.ts';
import type { Mailer } from './mailer.ts';
import { coolingHours, type Recoveries } from './recoveries.ts';

export interface ApprovalDependencies {
  readonly accounts: Accounts;
  readonly engine: EngineGrants;
  readonly audit: Audit;
  readonly recoveries: Recoveries;
  readonly mailer: Mailer;
  readonly services: ServiceClients;
}

/**
 * Whether the approver administers the person everywhere: an account opens every tenant that it has, so an
 * administrator of one of them must not be able to open the others, nor a higher role.
 */
function mayApprove(approver: readonly SignInGrant[], person: readonly SignInGrant[]): boolean {
  const rankIn = (tenantId: string) =>
    Math.max(
      0,
      ...approver.map((grant) =>
        grant.tenantId !== tenantId
          ? 0
          : grant.role === 'role.corporateAdmin'
            ? 2
            : grant.role === 'role.admin'
              ? 1
              : 0,
      ),
    );
  return (
    person.length > 0 &&
    person.every(({ tenantId, role }) => rankIn(tenantId) >= (role === 'role.corporateAdmin' ? 2 : 1))
  );
}

/**
 * An administrator, who has just proven a factor, lets a person set password and factors anew. The person is told at
 * once, the code works only after the cooling period, and a sign-in with the old factor meanwhile voids it.
 * @returns the code to hand over.
 * @throws IdentityError `identity-approval-refused`, also for an address that nobody has
 */
export async function approveReset(
  deps: ApprovalDependencies,
  ask: { approverId: string; email: string; requestId: string; address: string },
): Promise<{ code: string; usableFrom: Date }> {
  const person = await deps.accounts.findByEmail(ask.email);
  const refuse = async (reasonCode: string): Promise<never> => {
    await deps.audit.appendAudit([
      {
        action: 'account.recovery-approved',
        decision: 'deny',
        reasonCode,
        accountId: ask.approverId,
        targetId: person?.id,
        requestId: ask.requestId,
        address: ask.address,
      },
    ]);
    throw new IdentityError('identity-approval-refused');
  };
  if (person?.state !== 'active') return refuse('account-unknown');
  if (await deps.services.isService(person.id)) return refuse('account-unknown');
  if (person.id === ask.approverId) return refuse('own-account');
  const [approver, target] = await Promise.all([
    deps.engine.signInGrants(ask.approverId),
    deps.engine.signInGrants(person.id),
  ]);
  if (!mayApprove(approver, target)) return refuse('not-administered');
  await deps.audit.appendAudit([
    {
      action: 'account.recovery-approved',
      decision: 'permit',
      reasonCode: 'administrator',
      accountId: ask.approverId,
      targetId: person.id,
      tenantId: target[0]?.tenantId,
      requestId: ask.requestId,
      address: ask.address,
    },
  ]);
  // Told first: there is no approval of which the person could not know.
  await deps.mailer.send({
    to: await deps.accounts.readEmail(person.id),
    subject: 'Your sign-in is about to be reset',
    text: `An administrator has approved that your password and your second step are set anew. The code for it works in ${coolingHours} hours.\n\nIf you did not ask for this, sign in with your second step now: that cancels it. Then tell your clinic.\n`,
  });
  return deps.recoveries.createApproval(person.id, ask.approverId);
}
