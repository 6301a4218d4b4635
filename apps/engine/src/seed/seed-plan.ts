import { ROLE_IDS } from '@cordon/access-policy';
import { z } from 'zod';

/** The clinical side of what a demo begins with; identity reads the accounts of the same file. */
export const seedPlan = z.object({
  tenants: z.array(
    z.object({
      id: z.uuid(),
      name: z.string().regex(/^[a-z0-9-]{2,40}$/),
      clinics: z.array(
        z.object({
          id: z.uuid(),
          name: z.string().regex(/^[a-z0-9-]{2,40}$/),
          telephone: z.string().optional(),
        }),
      ),
    }),
  ),
  accounts: z.array(
    z.object({
      accountId: z.uuid(),
      displayName: z.string(),
      role: z.enum(ROLE_IDS),
      tenantId: z.uuid(),
      clinicIds: z.array(z.uuid()),
      patientRecordId: z.uuid().nullable(),
    }),
  ),
});
export type SeedPlan = z.output<typeof seedPlan>;
