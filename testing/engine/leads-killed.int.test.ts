import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openKillableEngine } from './killable-engine.ts';

it('tells the outcome of every lead that was stored, also where the engine was killed before it could', async () => {
  const engine = await openKillableEngine();
  try {
    const desk = engine.account('receptionist');
    const state = { adding: true, stored: 0 };
    const add = async () => {
      while (state.adding) {
        const answer = await engine.post(desk, '/v1/leads', {
          fullName: 'Lena Leadson', contact: 'lena@example.org', consentToContact: true, consentWordingVersion: 1,
        });
        if (answer?.status === 201) state.stored += 1;
        await sleep(20);
      }
    }; // prettier-ignore
    engine.process.start();
    await engine.serves();
    const adding = [add(), add()];
    await expect.poll(() => state.stored).toBeGreaterThan(0);
    for (let kill = 0; kill < 3; kill += 1) {
      await sleep(300 + Math.random() * 700);
      await engine.process.end('SIGKILL');
      if (kill === 2) state.adding = false;
      engine.process.start();
      await engine.serves();
    }
    await Promise.all(adding);
    // A process that died after it had told the outcome, and before it could say so, tells it once more: the log knows it.
    await engine.process.end('SIGKILL');
    await engine.marketing.query('UPDATE marketing.outbox SET delivered_at = NULL, leased_until = NULL');
    engine.process.start();
    const { rows: leads } = await engine.marketing.query<{ id: string }>('SELECT id FROM marketing.leads');
    expect(leads.length).toBeGreaterThan(0);
    await expect
      .poll(
        async () => {
          const { rows } = await engine.audit.query<{ untold: number }>(
            `SELECT count(*)::int AS untold FROM unnest($1::uuid[]) AS lead (id) WHERE NOT EXISTS (
               SELECT FROM audit.audit_logs i JOIN audit.audit_logs o ON o.intent_id = i.id AND o.outcome = 'success'
               WHERE i.resource_id = lead.id AND i.outcome = 'intent')`,
            [leads.map(({ id }) => id)],
          );
          return rows[0]?.untold;
        },
        { timeout: 45_000, interval: 500 },
      )
      .toBe(0);
    const waiting = () => engine.marketing.query('SELECT FROM marketing.outbox WHERE delivered_at IS NULL');
    await expect.poll(async () => (await waiting()).rowCount, { timeout: 45_000, interval: 500 }).toBe(0);
    const { rows: twice } = await engine.audit.query(
      `SELECT intent_id FROM audit.audit_logs WHERE outcome = 'success' AND action = 'record.created' GROUP BY 1 HAVING count(*) > 1`,
    );
    expect(twice).toEqual([]);
  } finally {
    await engine.close();
  }
}, 300_000);
