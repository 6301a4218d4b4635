import type { SealedContext } from '@cordon/row-security';

const nobody = '00000000-0000-0000-0000-000000000000';
const lifeMs = 60_000;

/** A job's context: one tenant, no person. */
export function systemContext(tenantId: string): SealedContext {
  return {
    tenantId,
    role: 'role.system',
    expiresAt: new Date(Date.now() + lifeMs),
    clinicIds: [],
    readable: [],
    writable: [],
  };
}

/** For what belongs to no tenant: the directory's and the job runner's own tables. Opens no tenant's row. */
export function noTenantContext(): SealedContext {
  return systemContext(nobody);
}
