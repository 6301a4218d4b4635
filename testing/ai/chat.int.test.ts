import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveConsent } from '../engine/ai-routes.ts';
import { runEngine, type SeedAccount, type TestEngine } from '../engine/run-engine.ts';
import { json } from '../engine/route-case.ts';
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

describe('a clinic’s telephone number', () => {
  const telephones = async (account: SeedAccount): Promise<(string | null)[]> => {
    const me = (await (await engine.send(account, '/v1/me')).json()) as {
      clinics: { telephone: string | null }[];
    };
    return me.clinics.map(({ telephone }) => telephone);
  };
  const choose = (telephone: unknown, account = engine.account('admin')): Promise<Response> =>
    engine.send(account, `/v1/clinics/${patient.clinicIds[0] ?? ''}/settings`, {
      ...json({ telephone }),
      method: 'PATCH',
    });

  it('is its administrator’s to write down and to take away, and is shown to its own patients', async () => {
    expect(await telephones(patient)).toEqual([null]);
    expect((await choose('0113 496 0123', engine.account('receptionist'))).status).toBe(403);
    expect(await (await choose(' +44 (0)113 496-0123 ')).json()).toMatchObject({
      telephone: '+44 (0)113 496-0123',
      keepsFormPictures: false,
    });
    expect(await telephones(patient)).toEqual(['+44 (0)113 496-0123']);
    expect(await telephones(engine.account('Yusuf Yorkson'))).toEqual([null]);
    expect((await choose(null)).status).toBe(200);
    expect(await telephones(patient)).toEqual([null]);
  });

  it.each(['', '0113', 'ask Amira', '0113 496 0123 or ask', '+3782 822463 10005', '1234567890123456', 113])(
    'is refused as %j',
    async (telephone) => {
      expect((await choose(telephone)).status).toBe(400);
      expect(await telephones(patient)).toEqual([null]);
    },
  );
});
