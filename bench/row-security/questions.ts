import type { FilledStore } from './fill-store.ts';

export interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** One question, asked of the table with row security and, with an explicit WHERE, of its copy without. */
export interface Question {
  readonly name: string;
  readonly role: 'role.clinician' | 'role.corporateAdmin';
  readonly times: number;
  readonly sealed: (store: FilledStore) => Asked;
  /** With a WHERE that says what the policy says. */
  readonly ruled: (store: FilledStore, subject: string) => Asked;
  /** With a WHERE that says the tenant alone. */
  readonly plain: (store: FilledStore) => Asked;
}

interface Parts {
  readonly name: string;
  readonly role: Question['role'];
  readonly times: number;
  readonly select: string;
  /** What is asked for beside the tenant, which is $1. */
  readonly where?: string;
  /** What says which clinic is asked for: one look where the question names it, else one at each row. */
  readonly clinic?: string;
  readonly tail?: string;
  readonly values?: (store: FilledStore) => readonly unknown[];
}

// IS TRUE as in the policy: without it the planner reads a clinic's rows by another index and sorts them.
const currentClinics = (from: number, asked: string): string =>
  `(${asked} = ANY (ARRAY(SELECT m.clinic_id FROM bench.memberships m WHERE m.tenant_id = $1
     AND m.account_id = $${from} AND m.role = 'role.clinician' AND m.ended_at IS NULL AND m.patient_id IS NULL
     AND m.clinic_id = ANY ($${from + 1})))) IS TRUE`;
const administers = (from: number): string =>
  `EXISTS (SELECT FROM bench.memberships m WHERE m.tenant_id = $1 AND m.account_id = $${from}
     AND m.role = 'role.corporateAdmin' AND m.ended_at IS NULL AND m.clinic_id IS NULL)`;
const nobodyRestricted = `p.id <> ALL (ARRAY(SELECT r.patient_id FROM bench.restrictions r
     WHERE r.tenant_id = $1 AND r.lifted_at IS NULL))`;

function questionOf({
  name,
  role,
  times,
  select,
  where = '',
  clinic = 'p.clinic_id',
  tail = '',
  values = () => [],
}: Parts): Question {
  const ask = (table: string, rules = ''): string =>
    `SELECT ${select} FROM ${table} p WHERE p.tenant_id = $1 ${where} ${rules} ${tail}`;
  const asked = (store: FilledStore): readonly unknown[] => [store.tenantId, ...values(store)];
  return {
    name,
    role,
    times,
    sealed: (store) => ({ text: ask('clinical.patients'), values: asked(store) }),
    plain: (store) => ({ text: ask('bench.patients'), values: asked(store) }),
    ruled(store, subject) {
      const known = asked(store);
      const next = known.length + 1;
      const staff = role === 'role.clinician';
      return {
        text: ask(
          'bench.patients',
          `AND ${staff ? currentClinics(next, clinic) : administers(next)} AND ${nobodyRestricted}`,
        ),
        values: [...known, subject, ...(staff ? [store.clinicIds] : [])],
      };
    },
  };
}

export const questions: readonly Question[] = [
  questionOf({
    name: 'point read',
    role: 'role.clinician',
    times: 1_000,
    select: 'id, clinic_id, full_name',
    where: 'AND p.id = $2',
    values: (store) => [store.patientId],
  }),
  questionOf({
    name: 'list of 50',
    role: 'role.clinician',
    times: 600,
    select: 'id, clinic_id, full_name',
    where: 'AND p.clinic_id = $2',
    clinic: '$2',
    tail: 'ORDER BY created_at DESC, id DESC LIMIT 50',
    values: (store) => [store.clinicId],
  }),
  questionOf({
    name: 'patients by clinic and year over one tenant, by who administers it',
    role: 'role.corporateAdmin',
    times: 60,
    select: 'clinic_id, extract(year FROM created_at) AS year, count(*)',
    tail: 'GROUP BY 1, 2',
  }),
  questionOf({
    name: 'bare count over one tenant, by who administers it',
    role: 'role.corporateAdmin',
    times: 60,
    select: 'count(*)',
  }),
  questionOf({
    name: 'bare count over every clinic of one tenant, by a clinician of each',
    role: 'role.clinician',
    times: 60,
    select: 'count(*)',
    where: 'AND p.clinic_id = ANY ($2)',
    values: (store) => [store.clinicIds],
  }),
];
