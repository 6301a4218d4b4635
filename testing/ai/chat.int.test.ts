import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveConsent } from '../engine/ai-routes.ts';
import { runEngine, type SeedAccount, type TestEngine } from '../engine/run-engine.ts';
import { queryStore } from './query-store.ts';

const triage = 'purpose.chat.triage.assist';

let engine: TestEngine;
let patient: SeedAccount;
beforeAll(async () => {
  engine = await runEngine();
  patient = engine.account('Petra Patientson');
  await giveConsent(engine, patient);
});
afterAll(() => engine.close());

const clientOf = async (account: SeedAccount): Promise<OpenAI> =>
  new OpenAI({
    baseURL: `${engine.running.url}/v1/ai`,
    apiKey: await engine.token(account),
    defaultHeaders: { 'x-cordon-purpose': triage },
  });

interface LoggedCall {
  outcome: string;
  reason_code: string;
  provider_id: string | null;
  purpose_id: string | null;
  purpose: string | null;
}

async function callsOf(account: SeedAccount): Promise<LoggedCall[]> {
  return queryStore<LoggedCall>(
    engine,
    'audit',
    `SELECT outcome, reason_code, provider_id, purpose_id, purpose FROM audit.audit_logs
     WHERE action = 'ai.called' AND actor_subject = $1 ORDER BY at`,
    [account.accountId],
  );
}

describe("the official client of OpenAI's API", () => {
  it('talks to the gateway unchanged, and the call is audited before and after', async () => {
    const client = await clientOf(patient);
    const answer = await client.chat.completions.create({
      model: 'cordon',
      messages: [{ role: 'user', content: 'I am Petra Patientson and my upper tooth hurts since yesterday' }],
    });
    expect(answer.choices[0]?.message.content).toContain('Offline assistant');
    expect(answer.choices[0]?.message.content).toContain('How strong');
    const calls = await callsOf(patient);
    expect(calls.map(({ outcome }) => outcome)).toEqual(['intent', 'success']);
    expect(calls[0]).toMatchObject({ provider_id: 'provider.embedded', purpose_id: triage });
    expect(calls[0]?.purpose).toMatch(/^sha256\.[0-9a-f]{64}$/);
  });
});
