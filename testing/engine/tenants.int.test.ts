import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTenant, requireRegion, type TenantAsk } from '../../apps/engine/src/features/tenants/index.ts';
import { findSignInGrants } from '../../apps/engine/src/features/directory/sign-in-grants.ts';
import type { KeyWork } from '../../apps/engine/src/keys/key-work.ts';
import { settleIntents } from '../../apps/engine/src/outbox/settle-intents.ts';
import { ask, keyWorkOf } from './key-jobs.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());

let count = 0;
function makeAsk(more: Partial<TenantAsk> = {}): TenantAsk {
  count += 1;
  return { name: `group-${count}`, clinic: `group-${count}-leeds`, ...more };
}
const add = (asked: TenantAsk) => addTenant(keyWorkOf(engine), asked);
const grantsOf = (accountId: string) =>
  findSignInGrants(engine.running.engine.stores.pools.engine_directory, accountId);

async function rowsOf(name: string) {
  const [row] = await ask<Record<string, unknown>>(
    engine,
    'clinical',
    `SELECT t.tenant_id AS "tenantId", t.state,
       (SELECT array_agg(c.slug) FROM clinical.clinics c WHERE c.tenant_id = t.tenant_id) AS clinics,
       (SELECT array_agg(m.role || ' ' || m.account_id) FROM clinical.memberships m WHERE m.tenant_id = t.tenant_id) AS members
     FROM clinical.tenants t WHERE t.slug = $1`,
    [name],
  );
  return row;
}

/** Action, decision or outcome, and reason of every entry of a tenant, in order. */
async function entriesOf(tenantId: string): Promise<string[]> {
  const rows = await ask<{ said: string }>(
    engine,
    'audit',
    `SELECT action || ' ' || initiator_type || ' ' || decision || ' ' || outcome || ' ' || reason_code AS said
     FROM audit.audit_logs WHERE tenant_id = $1 ORDER BY at, action`,
    [tenantId],
  );
  return rows.map(({ said }) => said);
}
const openIntents = (tenantId: string) =>
  ask(
    engine,
    'audit',
    `SELECT FROM audit.audit_logs i WHERE i.tenant_id = $1 AND i.outcome = 'intent'
       AND NOT EXISTS (SELECT FROM audit.audit_logs o WHERE o.intent_id = i.id AND o.id <> i.id)`,
    [tenantId],
  );

describe('a tenant that an operator adds', () => {
  it('has its clinic and its administrator, who sign in with a factor; each has an intent before and an outcome after', async () => {
    const asked = makeAsk({ accountId: randomUUID() });
    const added = await add(asked);
    expect(added).toMatchObject({ added: true, accountId: asked.accountId });
    expect(await rowsOf(asked.name)).toEqual({
      tenantId: added.tenantId,
      state: 'active',
      clinics: [asked.clinic],
      members: [`role.corporateAdmin ${added.accountId}`],
    });
    expect(await grantsOf(added.accountId)).toMatchObject([
      { tenantId: added.tenantId, role: 'role.corporateAdmin', factorRequired: true },
    ]);
    const actions = ['clinic.created', 'membership.granted', 'tenant.created'];
    await expect.poll(() => entriesOf(added.tenantId), { timeout: 20_000 }).toHaveLength(6);
    const entries = await entriesOf(added.tenantId);
    expect(entries.slice(0, 3).toSorted()).toEqual(actions.map((action) => `${action} system permit intent granted`));
    expect(entries.slice(3).toSorted()).toEqual(actions.map((action) => `${action} system permit success granted`));
  });

  it('is there once, however often it is asked for, and keeps its first administrator', async () => {
    const asked = makeAsk();
    const first = await add(asked);
    for (const accountId of [undefined, first.accountId])
      expect(await add({ ...asked, accountId })).toEqual({ ...first, added: false });
    const before = await entriesOf(first.tenantId);
    expect(before.filter((entry) => entry.includes('intent'))).toHaveLength(3);
  });

  it('asked for many times at once is one, with one clinic and one administrator, and no intent is left open', async () => {
    const asked = makeAsk();
    const answers = await Promise.all(Array.from({ length: 5 }, () => add(asked)));
    expect(answers.filter(({ added }) => added)).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, added: false }))).size).toBe(1);
    expect(await rowsOf(asked.name)).toMatchObject({ state: 'active', clinics: [asked.clinic], members: [expect.any(String)] });
    const { tenantId = '' } = answers[0] ?? {};
    await expect.poll(() => openIntents(tenantId), { timeout: 20_000 }).toEqual([]);
  });

  it('whose command was killed at any step is taken up by the next one, and every intent gets its outcome', async () => {
    const tenantIds: string[] = [];
    for (const when of ['before', 'after'] as const)
      for (let step = 1; step <= 3; step += 1) {
        const asked = makeAsk();
        const label = `${when} step ${step}`;
        await killedAt(step, when, (work) => addTenant(work, asked));
        const halfway = await rowsOf(asked.name);
        const isDone = when === 'after' && step === 3;
        expect(halfway === undefined || halfway['state'] === (isDone ? 'active' : 'opening'), label).toBe(true);
        const added = await add(asked);
        expect(added.added, label).toBe(!isDone);
        expect(halfway?.['tenantId'] ?? added.tenantId, label).toBe(added.tenantId);
        expect(await rowsOf(asked.name), label).toMatchObject({ state: 'active', clinics: [asked.clinic], members: [`role.corporateAdmin ${added.accountId}`] });
        await settleIntents(engine.running.engine, added.tenantId, [], 0);
        tenantIds.push(added.tenantId);
      }
    for (const tenantId of tenantIds) await expect.poll(() => openIntents(tenantId), { timeout: 20_000 }).toEqual([]);
  }, 120_000);

  it('lets nobody in while it is being opened', async () => {
    const asked = makeAsk();
    await killedAt(2, 'after', (work) => addTenant(work, asked));
    const { tenantId } = (await rowsOf(asked.name)) ?? {};
    const accountId = randomUUID();
    await ask(engine, 'clinical', "INSERT INTO clinical.memberships (tenant_id, account_id, role) VALUES ($1, $2, 'role.corporateAdmin')", [tenantId, accountId]);
    expect(await grantsOf(accountId)).toEqual([]);
  });
}); // prettier-ignore

describe('a tenant is refused', () => {
  it('under a name that another has, and leaves an entry there, and nothing else', async () => {
    const { tenantId } = await add(makeAsk({ name: 'taken-name', clinic: 'taken-clinic' }));
    for (const other of [
      { name: 'taken-name', clinic: 'other-clinic' },
      { name: 'taken-name', clinic: 'taken-clinic', accountId: randomUUID() },
    ])
      await expect(add(other)).rejects.toMatchObject({ code: 'tenant-exists' });
    const north = engine.plan.tenants[0]?.name ?? '';
    await expect(add(makeAsk({ name: north }))).rejects.toMatchObject({ code: 'tenant-exists' });
    expect((await entriesOf(tenantId)).filter((entry) => entry.includes('deny'))).toEqual(
      Array(2).fill('tenant.created system deny none name-taken'),
    );
    expect(await rowsOf('taken-name')).toMatchObject({ clinics: ['taken-clinic'], members: [expect.any(String)] });
  });

  it('in a region where this installation keeps no records', async () => {
    await requireRegion('region.uk', undefined);
    await requireRegion('region.eu', ['region.eu']);
    await expect(requireRegion('region.us', undefined)).rejects.toMatchObject({ code: 'region-unavailable' });
    await expect(requireRegion('region.uk', ['region.eu'])).rejects.toMatchObject({ code: 'region-unavailable' });
  });

  it('without an entry: nothing but its name is there', async () => {
    const asked = makeAsk();
    const work = keyWorkOf(engine);
    const away = { ...work, audit: { ...work.audit, append: () => Promise.reject(new Error('away')) } };
    await expect(addTenant(away, asked)).rejects.toThrow('away');
    expect(await rowsOf(asked.name)).toMatchObject({ state: 'opening', clinics: null, members: null });
  });
}); // prettier-ignore

/** Ends at its nth change of a store, before or after it; what comes then never answers. */
async function killedAt(
  step: number,
  when: 'before' | 'after',
  run: (work: KeyWork) => Promise<unknown>,
): Promise<void> {
  const work = keyWorkOf(engine);
  const ended = Promise.withResolvers<undefined>();
  const dead = new Promise<never>(() => undefined);
  let taken = 0;
  const take = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    taken += 1;
    if (taken < step) return call();
    if (taken === step && when === 'after') await call();
    ended.resolve(undefined);
    return dead;
  };
  const stores: KeyWork['stores'] = {
    ...work.stores,
    withTenantJob: (tenantId, change) => take(() => work.stores.withTenantJob(tenantId, change)),
  };
  const audit: KeyWork['audit'] = {
    ...work.audit,
    append: (entries) => take(() => work.audit.append(entries)),
  };
  await Promise.race([ended.promise, run({ ...work, stores, audit })]);
} // prettier-ignore
