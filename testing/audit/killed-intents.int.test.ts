import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../apps/engine/src/audit/entry.ts';
import { grantMembership } from '../../apps/engine/src/features/directory/grant-membership.ts';
import { findRecordedHolds, liftHold, placeHold } from '../../apps/engine/src/features/audit-log/index.ts';
import type { KeyWork } from '../../apps/engine/src/keys/key-work.ts';
import { findSweptKeys, sweepKeys } from '../../apps/engine/src/keys/sweep-keys.ts';
import { findSeededPatients } from '../../apps/engine/src/seed/apply-seed.ts';
import { settleIntents } from '../../apps/engine/src/outbox/settle-intents.ts';
import { leaveOutcome } from '../../apps/engine/src/pipeline/intent.ts';
import { ask, keyWorkOf } from '../engine/key-jobs.ts';
import { runEngine, type TestEngine } from '../engine/run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());

const tenantId = () => engine.account('clinician').tenantId;
const dead = new Promise<never>(() => undefined);

/** Does what it is asked to, and never answers again from the step on that a killed process would not have taken. */
async function killedBefore(
  step: 'the change' | 'the outcome',
  run: (work: KeyWork) => Promise<unknown>,
): Promise<void> {
  const work = keyWorkOf(engine);
  const ended = Promise.withResolvers<undefined>();
  const die = (): Promise<never> => {
    ended.resolve(undefined);
    return dead;
  };
  let appended = false;
  const append: typeof work.audit.append = async (entries) => {
    if (appended) return die();
    appended = true;
    return work.audit.append(entries);
  };
  const dying = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(of, name) {
        const value: unknown = Reflect.get(of, name, of);
        if (typeof value === 'function')
          return (...values: unknown[]) => (appended ? die() : (Reflect.apply(value, of, values) as unknown));
        return typeof value === 'object' && value !== null ? dying(value) : value;
      },
    });
  const stores = step === 'the change' ? dying(work.stores) : work.stores;
  // It is alive no longer than until it dies; a change that ends by itself was not killed.
  await Promise.race([ended.promise, run({ ...work, stores, audit: { ...work.audit, append } })]);
}

const intentsOf = (action: string) =>
  ask<{ id: string; outcome: string | null; reason: string | null }>(
    engine,
    'audit',
    `SELECT i.id, o.outcome, o.reason_code AS reason FROM audit.audit_logs i
     LEFT JOIN audit.audit_logs o ON o.intent_id = i.id WHERE i.action = $1 AND i.outcome = 'intent' ORDER BY i.at`,
    [action],
  );

/** Twice at once, as two engines would. */
const settle = async (afterSeconds = 0): Promise<void> => {
  const once = () =>
    settleIntents(
      engine.running.engine,
      tenantId(),
      [findRecordedHolds, findSweptKeys, findSeededPatients],
      afterSeconds,
    );
  await Promise.all([once(), once()]);
};

async function settled(action: string): Promise<(string | null)[]> {
  const [open] = (await intentsOf(action)).slice(-1);
  expect(open?.outcome).toBeNull();
  await settle(3_600);
  expect((await intentsOf(action)).at(-1)?.outcome).toBeNull();
  await settle();
  const now = (await intentsOf(action)).filter(({ id }) => id === open?.id);
  expect(now).toHaveLength(1);
  return [now[0]?.outcome ?? null, now[0]?.reason ?? null];
}

const asked = () => ({ tenantId: tenantId(), from: '2015-03-10', reason: 'A claim.' });

describe('an intent whose process was killed gets its outcome from what the stores say:', () => {
  it('a hold that was placed, and one that was not', async () => {
    await killedBefore('the outcome', (work) => placeHold(work, asked()));
    expect(await settled('legal-hold.placed')).toEqual(['success', 'granted']);
    await killedBefore('the change', (work) => placeHold(work, asked()));
    expect(await settled('legal-hold.placed')).toEqual(['failure', 'process-ended']);
  });

  it('a hold that was lifted, and one that was not', async () => {
    for (const [step, outcome] of [
      ['the change', ['failure', 'process-ended']],
      ['the outcome', ['success', 'granted']],
    ] as const) {
      const { holdId } = await placeHold(keyWorkOf(engine), asked());
      await killedBefore(step, (work) => liftHold(work, { ...asked(), holdId }));
      expect(await settled('legal-hold.lifted')).toEqual(outcome);
    }
  });

  it('a membership that was not given; one that was left its outcome in the outbox', async () => {
    const admin = engine.account('admin');
    const ask1 = { grantedBy: admin.accountId, accountId: randomUUID(), tenantId: tenantId(), role: 'role.receptionist', clinicIds: admin.clinicIds.slice(0, 1) } as const; // prettier-ignore
    await killedBefore('the change', (work) =>
      grantMembership({ ...engine.running.engine, stores: work.stores, audit: work.audit }, ask1),
    );
    expect(await settled('membership.granted')).toEqual(['failure', 'process-ended']);
    expect(await grantMembership(engine.running.engine, ask1)).toBe(true);
    await expect.poll(async () => (await intentsOf('membership.granted')).at(-1)?.outcome).toBe('success');
  });

  it('a key that was swept, and one that was not', async () => {
    for (const [step, outcome] of [
      ['the change', ['failure', 'process-ended']],
      ['the outcome', ['success', 'granted']],
    ] as const) {
      const { audit, patientKeys } = engine.running.engine;
      const pseudonym = randomUUID();
      const receipt = await audit.append([{ ...someEntry(), patientPseudonym: pseudonym }]);
      await patientKeys.create(tenantId(), randomUUID(), pseudonym, receipt);
      await ask(engine, 'vault', `UPDATE vault.patient_keys SET created_at = now() - interval '2 hours' WHERE confirmed_at IS NULL`); // prettier-ignore
      await killedBefore(step, (work) => sweepKeys(work, tenantId()));
      expect(await settled('key.swept')).toEqual(outcome);
    }
  });

  it('a change of a record, by whether the outbox has it', async () => {
    const change = (): AuditEntry => ({ ...someEntry(), action: 'record.changed', outcome: 'intent' });
    const lost = change();
    const committed = change();
    await engine.running.engine.audit.append([lost, committed]);
    await engine.running.engine.stores.withTenantJob(tenantId(), (transaction) =>
      leaveOutcome(transaction, committed),
    );
    await settle();
    engine.running.engine.wakeRelay(tenantId());
    await expect
      .poll(async () =>
        Object.fromEntries((await intentsOf('record.changed')).map((row) => [row.id, row.reason])),
      )
      .toMatchObject({ [lost.id]: 'process-ended', [committed.id]: 'granted' });
    expect((await intentsOf('record.changed')).filter(({ id }) => id === committed.id)).toHaveLength(1);
  });

  it('a patient who was seeded, and one who was not', async () => {
    const seeded = engine.account('Petra Patientson').patientRecordId ?? '';
    for (const [resourceId, outcome] of [
      [seeded, ['success', 'granted']],
      [randomUUID(), ['failure', 'process-ended']],
    ] as const) {
      await engine.running.engine.audit.append([{ ...someEntry(), resourceId, outcome: 'intent' }]);
      expect(await settled('record.created')).toEqual(outcome);
    }
  });

  it('a call to a model: what became of it nobody can tell', async () => {
    await engine.running.engine.audit.append([{ ...someEntry(), action: 'ai.called', outcome: 'intent' }]);
    expect(await settled('ai.called')).toEqual(['failure', 'process-ended']);
  });
});

it('leaves alone what is resumed by its own: destructions, and rotations for a day', async () => {
  for (const action of ['key.destroyed', 'key.rotated'] as const) {
    await engine.running.engine.audit.append([{ ...someEntry(), action, outcome: 'intent' }]);
    await settle();
    expect((await intentsOf(action)).at(-1)?.outcome).toBeNull();
  }
});

function someEntry(): AuditEntry {
  return {
    id: randomUUID(),
    tenantId: tenantId(),
    initiatorType: 'system',
    action: 'record.created',
    resourceType: 'Patient',
    resourceId: randomUUID(),
    dataClassIds: ['patientProfile'],
    decision: 'permit',
    reasonCode: 'granted',
    outcome: 'none',
  };
}
