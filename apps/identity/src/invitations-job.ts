import { text } from 'node:stream/consumers';
import { createLocalKeyManagement } from '@cordon/field-encryption';
import { createLogger, isPublicError, limitOutgoingTls, toClientConfig } from '@cordon/service';
import { Pool } from 'pg';
import { z } from 'zod';
import { createAccounts } from './accounts/accounts.ts';
import { findInvitee, inviteFirst, type FirstInvitationDependencies } from './administration/invite-first.ts';
import { createServiceClients } from './administration/service-clients.ts';
import { createAudit } from './audit.ts';
import { IdentityError } from './error.ts';
import { deriveKeys } from './keys.ts';
import { createRecoveries } from './recovery/recoveries.ts';
import { readIdentitySettings } from './settings.ts';
import { rootKeyId } from './start.ts';

const email = z.email().max(254);
const request = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('find'), email }),
  z.strictObject({
    verb: z.literal('invite'),
    accountId: z.uuid(),
    email,
    displayName: z.string().trim().min(1).max(200),
    tenantId: z.uuid(),
  }),
]);

async function run(deps: FirstInvitationDependencies, asked: z.output<typeof request>): Promise<object> {
  if (asked.verb === 'find') return { accountId: (await findInvitee(deps, asked.email)) ?? null };
  return inviteFirst(deps, asked);
}

/** Opens what an invitation needs, as identity itself, for one piece of work. */
async function withDependencies(
  work: (deps: FirstInvitationDependencies) => Promise<object>,
): Promise<object> {
  const settings = readIdentitySettings();
  const open = (database: typeof settings.identityDatabase) =>
    new Pool({ ...toClientConfig(database, 'cordon-identity-invitations'), max: 1 });
  const pools = { identity: open(settings.identityDatabase), audit: open(settings.auditDatabase) };
  try {
    const keyManagement = createLocalKeyManagement({ rootKey: settings.identityKey, rootKeyId });
    return await work({
      issuer: settings.issuer,
      accounts: createAccounts(pools.identity, keyManagement, deriveKeys(settings.identityKey)),
      audit: createAudit(pools.audit),
      recoveries: createRecoveries(pools.identity),
      services: createServiceClients(pools.identity),
    });
  } finally {
    await Promise.all([pools.identity.end(), pools.audit.end()]);
  }
}

// One piece of an operator's work. Request and answer are JSON on the standard streams: the link is in no log and no list of
// processes.
const logger = createLogger({ app: 'identity-invitations', level: 'warn', destination: process.stderr });
try {
  limitOutgoingTls();
  const asked = request.parse(JSON.parse(await text(process.stdin)));
  process.stdout.write(`${JSON.stringify(await withDependencies((deps) => run(deps, asked)))}\n`);
} catch (error) {
  const told = isPublicError(error)
    ? error
    : new IdentityError('identity-invitation-failed', { cause: error });
  process.stdout.write(`${JSON.stringify({ error: { code: told.code, sentence: told.publicMessage } })}\n`);
  logger.error('nobody was invited', { err: error });
  process.exitCode = 1;
}
