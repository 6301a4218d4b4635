import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { findTombstone } from '../../apps/engine/src/keys/destroy-patient-key.ts';
import { ask, forgetKeys, keyWorkOf, runKeyJob } from './key-jobs.ts';
import { makePlan, runEngineOn, type SeedAccount, type TestEngine } from './run-engine-on.ts';
import { cloneStores } from '../stores.ts';

/** An engine with a tenant of some patients, whose keys are to be changed and destroyed. */
export async function runEngineWithPatients(count: number): Promise<TestEngine> {
  const plan = makePlan();
  const petra = plan.accounts.find((account) => account.displayName === 'Petra Patientson');
  if (petra === undefined) throw new Error('the plan has no patient');
  const more = Array.from({ length: count }, (_, index): SeedAccount => ({
    ...petra,
    accountId: randomUUID(),
    displayName: `Patient ${index}`,
    patientRecordId: randomUUID(),
  }));
  return runEngineOn(await cloneStores(), { ...plan, accounts: [...plan.accounts, ...more] });
}

const tenantOf = (engine: TestEngine): string => engine.account('clinician').tenantId;

async function namesRead(engine: TestEngine): Promise<Map<string, string | null>> {
  forgetKeys(engine);
  const answer = await engine.send(engine.account('clinician'), '/v1/patients?limit=100');
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const { items } = JSON.parse(text) as { items: { id: string; fullName: string | null; state: string }[] };
  expect(items.filter((item) => item.state === 'damaged')).toEqual([]);
  return new Map(items.map((item) => [item.id, item.fullName]));
}

/** Who can be read can be found, by the name, and nobody else. */
async function expectFound(engine: TestEngine, names: ReadonlyMap<string, string | null>): Promise<void> {
  const answer = await engine.send(engine.account('clinician'), '/v1/patients/search', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Patient' }),
  });
  const { items } = (await answer.json()) as { items: { fullName: string }[] };
  const expected = [...names.values()].filter((name) => name?.startsWith('Patient ') === true);
  // One answer names 50 at the most.
  expect(items.filter(({ fullName }) => fullName.startsWith('Patient ')).length).toBe(
    Math.min(50, expected.length),
  );
}

const rotations = ['rotate-root', 'rotate-tenant', 'rotate-patient', 'rotate-search'] as const;

/**
 * Kills a rotation at a random moment of its life: every record opens at once, and after the next run, which ends it.
 * @returns whether the process was still alive.
 */
export async function killRotation(engine: TestEngine, round: number, lifeMs: number): Promise<boolean> {
  const verb = rotations[round % rotations.length] ?? 'rotate-root';
  const tenantId = tenantOf(engine);
  const before = await namesRead(engine);
  const [patientId] = [...before].filter(([, name]) => name !== null).map(([id]) => id);
  const request = verb === 'rotate-root' ? { verb } : { verb, tenantId, patientId };
  const end = await runKeyJob(engine, request, lifeMs * (0.4 + 0.6 * Math.random()));
  expect(await namesRead(engine)).toEqual(before);
  await expectFound(engine, before);
  expect(await runKeyJob(engine, request)).not.toHaveProperty('answer.error');
  expect(await namesRead(engine)).toEqual(before);
  await expectFound(engine, before);
  const open = await ask(
    engine,
    'audit',
    `SELECT FROM audit.audit_logs i WHERE action = 'key.rotated' AND outcome = 'intent'
       AND NOT EXISTS (SELECT FROM audit.audit_logs o WHERE o.intent_id = i.id AND o.outcome = 'success')`,
  );
  // A killed run may have ended its work and not said so; what it left open is closed by a run that finds work to do.
  expect(open.length).toBeLessThanOrEqual(1);
  return end === 'killed';
}

/** The same for a destruction: what has a tombstone is unreadable from then on, what has none is readable, and the next run ends it. */
export async function killDestruction(engine: TestEngine, lifeMs: number): Promise<boolean> {
  const tenantId = tenantOf(engine);
  const before = await namesRead(engine);
  const patientId = [...before].find(([, name]) => name?.startsWith('Patient ') === true)?.[0] ?? '';
  const request = { verb: 'destroy', tenantId, patientId };
  const end = await runKeyJob(engine, request, lifeMs * (0.4 + 0.6 * Math.random()));
  const buried = (await findTombstone(keyWorkOf(engine), tenantId, patientId)) !== undefined;
  const after = await namesRead(engine);
  expect(after.get(patientId)).toBe(buried ? null : before.get(patientId));
  expect(await runKeyJob(engine, request)).toMatchObject({ answer: { holds: true, searchTokens: 0 } });
  const expected = new Map(before).set(patientId, null);
  expect(await namesRead(engine)).toEqual(expected);
  return end === 'killed';
}

/** How long a run takes that nobody kills, in milliseconds. */
export async function measureLife(engine: TestEngine): Promise<number> {
  const begun = performance.now();
  await runKeyJob(engine, { verb: 'rotate-tenant', tenantId: tenantOf(engine) });
  return performance.now() - begun;
}
