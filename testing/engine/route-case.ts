import type { Action, DataClassId, SignedInRoleId } from '@cordon/access-policy';
import type { SeedAccount, TestEngine } from './run-engine.ts';

/** Whose record a request is about, seen from a member of the first clinic of the first tenant. */
export const relations = ['own clinic', 'other clinic', 'other tenant'] as const;
export type Relation = (typeof relations)[number];

/** The patient of each relation, in the plan of run-engine-on.ts. */
export const patientOf: Readonly<Record<Relation, string>> = {
  'own clinic': 'Petra Patientson',
  'other clinic': 'Yusuf Yorkson',
  'other tenant': 'Rita Riverson',
};

/** One account a role, each in the first tenant; staff of its first clinic (the admin works in both). */
export const accountOf: Readonly<Record<SignedInRoleId, string>> = {
  'role.clinician': 'clinician',
  'role.receptionist': 'receptionist',
  'role.patient': 'Petra Patientson',
  'role.admin': 'admin',
  'role.externalContractor': 'contractor',
  'role.corporateAdmin': 'corporate admin',
  'role.auditor': 'auditor',
};
export interface RouteCase {
  /** What the handler asks the policy; null where it tells the caller about nobody but the caller. */
  readonly decides: {
    readonly action: Action;
    readonly dataClass: DataClassId;
    /** A purpose of the AI gateway under which the caller asks. */
    readonly purpose?: string;
  } | null;
  /** `record`: the path or body names a record of the relation. `list`: rows are filtered. `self`: nothing is named. */
  readonly kind: 'record' | 'list' | 'self';
  readonly permitted: number;
  send(engine: TestEngine, account: SeedAccount | null, patient: SeedAccount): Promise<Response>;
}

/** A request that sends a body. */
export const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
