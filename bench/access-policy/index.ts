import { join } from 'node:path';
import {
  ACTIONS,
  DATA_CLASS_IDS,
  loadPolicy,
  ROLE_IDS,
  type Caller,
  type Policy,
  type Resource,
} from '@cordon/access-policy';
import { formatCount, medianRate, type BenchRow } from '../row.ts';

type Question = readonly [Caller, (typeof ACTIONS)[number], (typeof DATA_CLASS_IDS)[number], Resource];

/** Decisions a second on one core, beside the least that any check can be: one look-up of role and class in a Set. */
export async function run(): Promise<BenchRow[]> {
  const policy = await loadPolicy(join(import.meta.dirname, '..', '..', 'config'));
  const mixed = everyQuestion();
  const reads = mixed.filter(([caller, action, dataClass, resource]) => {
    const decision = policy.decide(caller, action, dataClass, resource);
    return action === 'read' && decision.decision === 'permit';
  });
  const known = new Set(mixed.map(([caller, action, dataClass]) => `${caller.role} ${action} ${dataClass}`));
  const lookUp = ([caller, action, dataClass]: Question): boolean =>
    known.has(`${caller.role} ${action} ${dataClass}`);
  const decide = decideWith(policy);
  const bare = await rateOf(mixed, lookUp);
  const baseline = `one Set look-up of role, action and class joined as text, ${formatCount(bare)}/s`;
  const row = (name: string, value: number, unit = 'decisions/s'): BenchRow => ({
    name,
    value,
    unit,
    baseline,
    ratio: value / bare,
  });
  return [
    row('every role, action and class in turn', await rateOf(mixed, decide)),
    row('reads that pass every check', await rateOf(reads, decide)),
    row('reads of a member of 200 clinics', await rateOf(reads.map(withManyClinics), decide)),
  ];
}

const decideWith =
  (policy: Policy) =>
  ([caller, action, dataClass, resource]: Question): boolean =>
    policy.decide(caller, action, dataClass, resource).decision === 'permit';

function everyQuestion(): Question[] {
  const resource: Resource = {
    tenantId: 'tenant',
    clinicId: 'clinic',
    patientRecordId: 'patient',
    restricted: false,
  };
  return ROLE_IDS.flatMap((role) =>
    ACTIONS.flatMap((action) =>
      DATA_CLASS_IDS.map((dataClass): Question => {
        const caller = {
          tenantId: 'tenant',
          clinicIds: ['other', 'clinic'],
          role,
          subject: 's',
          patientRecordId: 'patient',
        };
        return [caller, action, dataClass, resource];
      }),
    ),
  );
}

function withManyClinics([caller, action, dataClass, resource]: Question): Question {
  const clinicIds = Array.from({ length: 200 }, (_, index) => (index === 199 ? 'clinic' : `clinic-${index}`));
  return [{ ...caller, clinicIds }, action, dataClass, resource];
}

function rateOf(questions: readonly Question[], ask: (question: Question) => boolean): Promise<number> {
  if (!questions.some(ask)) throw new Error('nothing was permitted: the questions measure refusals only');
  // Counting what was permitted keeps the compiler from leaving the calls out.
  return medianRate(() => questions.filter(ask).length, questions.length);
}

if (import.meta.main) console.table(await run());
