import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, patientOf } from './route-case.ts';
import { routeTable } from './route-table.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());

const recordRoutes = Object.entries(routeTable).filter(([, route]) => route.kind === 'record');
const roles = [
  'role.clinician',
  'role.receptionist',
  'role.admin',
  'role.corporateAdmin',
  'role.patient',
] as const;

/** Status and body without what differs from one request to the next, ids that were asked for included. */
async function tell(answer: Response, patient: SeedAccount): Promise<string> {
  let text = (await answer.text()).replace(/"requestId":"[^"]+"/, '');
  for (const id of [patient.patientRecordId, ...patient.clinicIds]) text = text.replaceAll(id ?? '', 'id');
  return `${answer.status} ${text}`;
}

describe.each(recordRoutes)('%s', (_name, route) => {
  it.each(roles)('answers %s for a record of another tenant as for one that never existed', async (role) => {
    const caller = engine.account(accountOf[role]);
    const hidden = engine.account(patientOf['other tenant']);
    const never = { ...hidden, patientRecordId: randomUUID(), clinicIds: [randomUUID()] };
    const [ofHidden, ofNever] = [hidden, never].map(async (patient) =>
      tell(await route.send(engine, caller, patient), patient),
    );
    expect(await ofHidden).toBe(await ofNever);
    expect(await ofHidden).toMatch(/^4\d\d /);
  });

  it('answers a clinician for a patient of another clinic as for one that clinic never had', async () => {
    const caller = engine.account('clinician');
    const hidden = engine.account(patientOf['other clinic']);
    const never = { ...hidden, patientRecordId: randomUUID() };
    const answers = [hidden, never].map(async (patient) =>
      tell(await route.send(engine, caller, patient), patient),
    );
    expect(await answers[0]).toBe(await answers[1]);
  });
});
