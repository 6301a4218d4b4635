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

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure is held against, measured in the same run, with its own value. */
  readonly baseline: string;
  /** value / baseline. */
  readonly ratio: number;
}

type Question = readonly [Caller, (typeof ACTIONS)[number], (typeof DATA_CLASS_IDS)[number], Resource];

/**
 * Decisions a second on one core, beside the least that any check can be: one look-up of role and class in a Set.
 * @param options quick: 400,000 decisions in place of 4,000,000
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const policy = await loadPolicy(join(import.meta.dirname, '..', '..', 'config'));
  const count = options.quick === true ? 400_000 : 4_000_000;
  const mixed = everyQuestion();
  const reads = mixed.filter(([caller, action, dataClass, resource]) => {
    const decision = policy.decide(caller, action, dataClass, resource);
    return action === 'read' && decision.decision === 'permit';
  });
  const known = new Set(mixed.map(([caller, action, dataClass]) => `${caller.role} ${action} ${dataClass}`));
  const lookUp = ([caller, action, dataClass]: Question): boolean =>
    known.has(`${caller.role} ${action} ${dataClass}`);
  const decide = decideWith(policy);
  const bare = rateOf(count, mixed, lookUp);
  const baseline = `one Set look-up of role, action and class joined as text, ${Math.round(bare).toLocaleString('en-GB')}/s`;
  const row = (name: string, value: number, unit = 'decisions/s'): BenchRow => ({
    name,
    value,
    unit,
    baseline,
    ratio: value / bare,
  });
  return [
    row('every role, action and class in turn', rateOf(count, mixed, decide)),
    row('reads that pass every check', rateOf(count, reads, decide)),
    row('reads of a member of 200 clinics', rateOf(count / 4, reads.map(withManyClinics), decide)),
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

/** Best of three rounds after a warm-up, by wall clock. */
function rateOf(count: number, questions: readonly Question[], ask: (question: Question) => boolean): number {
  let best = 0;
  let permits = 0;
  for (let round = 0; round < 4; round += 1) {
    const rounds = Math.max(1, Math.ceil(count / 4 / questions.length));
    const start = process.hrtime.bigint();
    for (let turn = 0; turn < rounds; turn += 1) {
      for (const question of questions) if (ask(question)) permits += 1;
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (round > 0) best = Math.max(best, (rounds * questions.length) / seconds);
  }
  if (permits === 0) throw new Error('nothing was permitted: the questions measure refusals only');
  return best;
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
