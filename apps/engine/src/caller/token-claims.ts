import { ROLE_IDS } from '@cordon/access-policy';
import { z } from 'zod';
import type { Caller } from './caller.ts';

export const factorAcr = 'urn:cordon:acr:mfa';
const clinicScope = /^clinic\/([0-9a-f-]{36})\.(read|write)$/;
const id = z.uuid().transform((value) => value.toLowerCase());

/** The access token's claims (RFC 9068, and Cordon's own). */
const claims = z.object({
  sub: id,
  exp: z.number().int(),
  sid: z.string().min(8).max(128),
  tenant_id: id,
  role: z.enum(ROLE_IDS),
  scope: z.string().max(60_000),
  acr: z.string().max(100).optional(),
  auth_time: z.number().int().optional(),
  patient_record_id: id.optional(),
});

/** Null when a claim is missing or malformed. */
export function readClaims(payload: unknown): Caller | null {
  const result = claims.safeParse(payload);
  if (!result.success) return null;
  const { data } = result;
  if ((data.role === 'role.patient') !== (data.patient_record_id !== undefined)) return null;
  const clinicIds = new Set<string>();
  for (const word of data.scope.split(' ')) {
    const clinic = clinicScope.exec(word)?.[1];
    if (clinic !== undefined) clinicIds.add(clinic);
  }
  return {
    subject: data.sub,
    role: data.role,
    tenantId: data.tenant_id,
    clinicIds: [...clinicIds],
    patientRecordId: data.patient_record_id,
    sessionId: data.sid,
    expiresAt: data.exp,
    factorShownAt: data.acr === factorAcr ? data.auth_time : undefined,
  };
}
