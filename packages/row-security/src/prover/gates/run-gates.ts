import type { Record } from '../report/outcome.ts';
import type { Gate, GateInput } from './gate.ts';
import { grantGates, roleGates } from './roles.ts';
import { routineGates } from './routines.ts';
import { keyGates, policyGates, rowSecurityGates } from './tables.ts';

/** Every gate, in the order a reader would ask. */
export const gates: readonly Gate[] = [
  ...rowSecurityGates,
  ...policyGates,
  ...keyGates,
  ...routineGates,
  ...roleGates,
  ...grantGates,
];

/** Runs every gate over what was read; changes nothing. */
export function runGates(input: GateInput, record: Record): void {
  for (const gate of gates)
    for (const { object, problem, sql, fix } of gate.check(input)) {
      if (problem === undefined) record.held(gate.name, object);
      else {
        const advice = input.config.advice?.[gate.name]?.replaceAll('$table', object);
        record.leaked({
          channel: gate.name,
          table: object,
          as: '',
          sql: sql ?? '',
          evidence: problem,
          fix: [fix, advice].filter((each) => each !== undefined).join('. '),
        });
      }
    }
  for (const role of input.facts.roles)
    if (!role.exists) record.notRun('gate.role-posture', role.name, `there is no role ${role.name}`);
}
