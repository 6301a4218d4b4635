import { normaliseEmail } from '../accounts/accounts.ts';
import { hashLane, type IdentityKeys } from '../keys.ts';
import type { TokenFamilies } from '../provider/families.ts';

/** The lane in which strangers' failures at one tenant are counted; undefined while nobody has ever signed in. `own`: the account's. */
export type TenantLane = (own: string | undefined, email: string) => Promise<string | undefined>;

const listedForMs = 60_000;

/**
 * Where an account belongs is read from its own sign-ins, so that no question to the engine tells a known address from
 * an unknown one. An address that nobody has counts, always the same, for one of the tenants: it is held up when that
 * tenant is, like a member of it.
 */
export function createTenantLane(families: TokenFamilies, keys: IdentityKeys, now = Date.now): TenantLane {
  let listed: { tenants: readonly string[]; until: number } = { tenants: [], until: 0 };
  return async (own, email) => {
    if (listed.until <= now() || listed.tenants.length === 0)
      listed = { tenants: await families.findTenants(), until: now() + listedForMs };
    const { tenants } = listed;
    const index =
      hashLane(keys.laneKey, `tenant of ${normaliseEmail(email)}`).readUInt32BE() % tenants.length;
    const tenant = own ?? tenants[index];
    return tenant === undefined ? undefined : `tenant:${tenant}`;
  };
}
