import type { RoleId } from '@cordon/access-policy';

/** Who asks, as the verified token says. A ceiling: row security reads the membership again at each statement. */
export interface Caller {
  readonly subject: string;
  readonly role: RoleId;
  readonly tenantId: string;
  readonly clinicIds: readonly string[];
  readonly patientRecordId: string | undefined;
  readonly sessionId: string;
  /** Seconds since 1970 when the token ends. */
  readonly expiresAt: number;
  /** Seconds since 1970 when a second factor was shown; absent when none was. */
  readonly factorShownAt: number | undefined;
}

/** The caller and the request it came with: what an audit entry says of both. */
export interface RequestCaller extends Caller {
  readonly requestId: string;
  readonly clientAddress: string;
}

/** The caller in the words of the access policy. */
export function toPolicyCaller(caller: Caller) {
  return {
    tenantId: caller.tenantId,
    clinicIds: caller.clinicIds,
    role: caller.role,
    subject: caller.subject,
    patientRecordId: caller.patientRecordId,
    factorAgeSeconds:
      caller.factorShownAt === undefined
        ? undefined
        : Math.max(0, Math.floor(Date.now() / 1000) - caller.factorShownAt),
  };
}
