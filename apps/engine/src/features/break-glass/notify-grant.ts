import type { JobTarget } from '../../jobs/index.ts';
import type { Notifier } from '../../notifier/index.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';

/**
 * The job that an emergency access leaves: whom the clinic has named is told that a record was opened and where to review it,
 * and neither whose nor why. A job that runs twice sends one notice twice, under one id; a reviewed access sends none.
 */
export async function notifyGrant(
  engine: EngineContext,
  notifier: Notifier,
  consoleUrl: string | undefined,
  { tenantId, resourceId: grantId }: JobTarget,
): Promise<void> {
  if (grantId === undefined) return;
  const { rows } = await engine.stores.withTenantJob(tenantId, (transaction) =>
    transaction.query<{ clinic_id: string; slug: string }>(
      `SELECT g.clinic_id, c.slug FROM clinical.break_glass_grants g
       JOIN clinical.clinics c ON c.tenant_id = g.tenant_id AND c.id = g.clinic_id
       WHERE g.tenant_id = $1 AND g.id = $2 AND g.review IS NULL`,
      [tenantId, grantId],
    ),
  );
  const [grant] = rows;
  if (grant === undefined) return;
  const where = consoleUrl === undefined ? 'Sign in to the console' : `Sign in: ${consoleUrl}`;
  await notifier.send({
    id: `${grantId}.break-glass`,
    tenantId,
    clinicId: grant.clinic_id,
    subject: 'Cordon: a record was opened in an emergency',
    text: `A record of ${grant.slug} was opened in an emergency and waits for your review. ${where}`,
  });
}
