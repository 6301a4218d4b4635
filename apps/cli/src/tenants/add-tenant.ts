import { z } from 'zod';
import { CliError } from '../error.ts';
import { runJob } from '../run-job.ts';
import { readDemoFile } from '../up/demo-file.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';
import type { TenantRequest } from './tenant-request.ts';

const found = z.object({ accountId: z.uuid().nullable() });
const added = z.object({ tenantId: z.uuid(), clinicId: z.uuid(), accountId: z.uuid(), added: z.boolean() });
const invited = z.union([
  z.object({ link: z.url(), expiresAt: z.iso.datetime() }),
  z.object({ link: z.null() }),
]);

export type AddedTenant = z.output<typeof added> & { readonly invitation?: z.output<typeof invited> };

/**
 * The engine adds tenant, clinic and membership at once; identity then makes the account, without a password, and its link.
 * Each step finds what an earlier run has done, so that the same request may be made again after any of them.
 * @throws CliError `tenant-refused` with the sentence of whoever refused; `not-running`
 */
export async function addTenant(request: TenantRequest): Promise<AddedTenant> {
  await refuseBesideDemo();
  const { administrator, ...place } = request;
  if ('accountId' in administrator)
    return added.parse(await runJob('tenants-job', { verb: 'add', ...place, ...administrator }));
  const { email, displayName } = administrator;
  const { accountId } = found.parse(await runJob('invitations-job', { verb: 'find', email }));
  const tenant = added.parse(
    await runJob('tenants-job', { verb: 'add', ...place, ...(accountId !== null && { accountId }) }),
  );
  const invitation = invited.parse(
    await runJob('invitations-job', {
      verb: 'invite',
      accountId: tenant.accountId,
      email,
      displayName,
      tenantId: tenant.tenantId,
    }),
  );
  return { ...tenant, invitation };
}

/** The demo's people have passwords that are shown on a screen; one of its administrators could be the invited one. */
async function refuseBesideDemo(): Promise<void> {
  if (process.env['CORDON_ENV'] !== undefined) return;
  if ((await readDemoFile(makeLayout(checkoutRoot, 0))) !== undefined)
    throw new CliError(
      'tenant-refused',
      'This installation is the demo. Begin one without it: npm start -- --fresh --empty, which removes the demo.',
    );
}

/** What the operator reads; the link stands alone in its line. */
export function describeAdded({ name, clinic }: TenantRequest, tenant: AddedTenant): string {
  const { tenantId, clinicId, accountId, invitation } = tenant;
  return [
    tenant.added ? 'The tenant was added.' : 'The tenant was there already; nothing of it was changed.',
    '',
    `  tenant         ${tenantId}  ${name}`,
    `  clinic         ${clinicId}  ${clinic}`,
    `  administrator  ${accountId}`,
    '',
    ...describeInvitation(invitation),
  ].join('\n');
}

function describeInvitation(invitation: AddedTenant['invitation']): string[] {
  if (invitation === undefined)
    return ['The administrator signs in at your provider, which must give the account this id.'];
  if (invitation.link === null)
    return ['The administrator has a password already, and signs in at the console with it.'];
  return [
    `Hand this link to the administrator and to nobody else. It works once, until ${invitation.expiresAt}:`,
    '',
    `  ${invitation.link}`,
  ];
}
