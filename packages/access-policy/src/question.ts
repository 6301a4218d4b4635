import type { RoleId } from './ids.ts';

/** Who asks. Everything here comes from a verified token or the sealed context, never from the request. */
export interface Caller<R extends string = RoleId> {
  readonly tenantId: string;
  /** Clinics of the caller's current memberships. */
  readonly clinicIds: readonly string[];
  readonly role: R;
  readonly subject: string;
  /** The patient record that a patient owns. */
  readonly patientRecordId?: string | undefined;
  /** Seconds since a factor was last shown; absent means never. */
  readonly factorAgeSeconds?: number | undefined;
  /** A purpose of the AI gateway under which the caller acts; it only ever narrows, save for `use-in-ai`. */
  readonly purpose?: string | undefined;
}

/** What is asked for: the attributes of one row, or of the row about to be made. */
export interface Resource {
  readonly tenantId: string;
  readonly clinicId?: string | undefined;
  readonly patientRecordId?: string | undefined;
  /** Under restriction of processing (UK GDPR article 18). */
  readonly restricted?: boolean | undefined;
  /** Under a legal hold: nothing may be destroyed. */
  readonly legalHold?: boolean | undefined;
}

/** An emergency's key to one record, as stored by the engine. Times are milliseconds since 1970. */
export interface BreakGlassGrant {
  readonly tenantId: string;
  readonly subject: string;
  readonly patientRecordId: string;
  readonly grantedAt: number;
  readonly expiresAt: number;
}

/** What holds at this moment. */
export interface DecisionContext {
  /** Milliseconds since 1970. Without it no break-glass grant counts. */
  readonly now?: number | undefined;
  /** The one clinic that a corporate admin has switched into. */
  readonly activeClinicId?: string | undefined;
  readonly breakGlass?: BreakGlassGrant | undefined;
  /** Fields that a create, update or amend would set; refused where one is not the role's to set. */
  readonly changedFields?: readonly string[] | undefined;
}
