import { ROLE_IDS } from '@cordon/access-policy';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import type { Caller } from './caller.ts';
import type { ClaimNames } from './token-issuer.ts';

const clinicScope = /^clinic\/([0-9a-f-]{36})\.(read|write)$/;
const id = z.uuid().transform((value) => value.toLowerCase());
const longestScope = 60_000;

/** The access token's claims (RFC 9068, and Cordon's own), under the names that Cordon knows them by. */
const claims = z.object({
  subject: id,
  expiresAt: z.number().int(),
  sessionId: z.string().min(8).max(128),
  tenantId: id,
  role: z.enum(ROLE_IDS),
  clinics: z.union([z.string().max(longestScope).transform((text) => text.split(' ')), z.array(z.string().max(100)).max(2_000)]),
  factor: z.union([z.string().max(100), z.array(z.string().max(100)).max(20)]).optional(),
  authTime: z.number().int().optional(),
  patientRecordId: id.optional(),
}); // prettier-ignore

const showsFactor = (claim: string | string[] | undefined, value: string) =>
  Array.isArray(claim) ? claim.includes(value) : claim === value;

/** Null when a claim is missing or malformed. */
export function readClaims(payload: JWTPayload, names: ClaimNames): Caller | null {
  const result = claims.safeParse({
    subject: payload[names.subject],
    expiresAt: payload.exp,
    sessionId: payload[names.sessionId],
    tenantId: payload[names.tenantId],
    role: payload[names.role],
    clinics: payload[names.clinics],
    factor: payload[names.factor],
    authTime: payload[names.authTime],
    patientRecordId: payload[names.patientRecordId],
  });
  if (!result.success) return null;
  const { clinics, factor, authTime, ...caller } = result.data;
  if ((caller.role === 'role.patient') !== (caller.patientRecordId !== undefined)) return null;
  const clinicIds = new Set<string>();
  for (const word of clinics) {
    const clinic = clinicScope.exec(word)?.[1];
    if (clinic !== undefined) clinicIds.add(clinic);
  }
  return {
    ...caller,
    patientRecordId: caller.patientRecordId,
    clinicIds: [...clinicIds],
    factorShownAt: showsFactor(factor, names.factorValue) ? authTime : undefined,
  };
}
