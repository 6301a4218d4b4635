import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveConsent } from '../engine/ai-routes.ts';
import { makePlan, runEngineOn, type SeedAccount, type TestEngine } from '../engine/run-engine-on.ts';
import { searchStores } from '../engine/search-stores.ts';
import { cloneStores } from '../stores.ts';
import { queryStore } from './query-store.ts';
import { openSite, type TestSite } from './visitor.ts';

const triage = 'purpose.chat.triage.assist';
const marketing = 'purpose.chat.marketing.general';

let engine: TestEngine;
let patient: SeedAccount;
let site: TestSite;
beforeAll(async () => {
  site = await openSite();
  engine = await runEngineOn(await cloneStores(), makePlan(), { environment: site.environment });
  patient = engine.account('Petra Patientson');
});
afterAll(() => engine.close());

const chat = (purpose: string, text: string, conversation: string = randomUUID()): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-cordon-purpose': purpose },
  body: JSON.stringify({
    model: 'cordon',
    messages: [{ role: 'user', content: text }],
    metadata: { conversation },
  }),
});
const ask = (account: SeedAccount, ...rest: Parameters<typeof chat>): Promise<Response> =>
  engine.send(account, '/v1/ai/chat/completions', chat(...rest));
const codeOf = async (answer: Response): Promise<unknown> =>
  ((await answer.json()) as { code?: unknown }).code;

describe('a patient', () => {
  const conversation = randomUUID();

  it('agrees before the first message', async () => {
    const refused = await ask(patient, triage, 'My tooth hurts', conversation);
    expect(refused.status).toBe(403);
    expect(await codeOf(refused)).toBe('ai-consent-missing');
    await giveConsent(engine, patient);
    expect((await ask(patient, triage, 'It is Petra Patientson, my tooth hurts', conversation)).status).toBe(
      200,
    );
    expect((await ask(patient, triage, 'since yesterday', conversation)).status).toBe(200);
  });

  it('sees what was said, without who it was, and nobody else’s', async () => {
    const seen = await engine.send(patient, `/v1/ai/conversations/${conversation}`);
    expect(await seen.json()).toMatchObject({
      id: conversation,
      purposeId: triage,
      state: 'open',
      turns: [
        { speaker: 'patient', text: 'It is [personal detail] [personal detail], my tooth hurts' },
        { speaker: 'assistant' },
        { speaker: 'patient', text: 'since yesterday' },
        { speaker: 'assistant' },
      ],
    });
    const list = await engine.send(patient, '/v1/ai/conversations');
    expect(((await list.json()) as { items: unknown[] }).items).toHaveLength(1);
    const other = engine.account('Yusuf Yorkson');
    expect((await engine.send(other, `/v1/ai/conversations/${conversation}`)).status).toBe(404);
    await giveConsent(engine, other);
    const joined = await ask(other, triage, 'hello', conversation);
    expect([joined.status, await codeOf(joined)]).toEqual([400, 'ai-request-invalid']);
  });

  it('does not rewrite what was said', async () => {
    const answer = await engine.send(patient, `/v1/chat-transcripts/${conversation}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': `"${conversation}.2"` },
      body: JSON.stringify({ transcript: 'the assistant promised' }),
    });
    expect(answer.status).toBe(403);
  });

  it('is handed over to a person by an alert of the clinic', async () => {
    const answer = await engine.send(patient, `/v1/ai/conversations/${conversation}/hand-over`, {
      method: 'POST',
    });
    expect(answer.status).toBe(200);
    const { alertId } = (await answer.json()) as { alertId: string };
    const alerts = await engine.send(engine.account('clinician'), '/v1/alerts');
    const { items } = (await alerts.json()) as { items: { id: string; source: string; message: string }[] };
    expect(items.find(({ id }) => id === alertId)).toMatchObject({
      source: 'chat',
      message: expect.stringContaining('speak to a person') as string,
    });
    const again = await engine.send(patient, `/v1/ai/conversations/${conversation}/hand-over`, {
      method: 'POST',
    });
    expect(again.status).toBe(412);
  });

  it('withdraws it, and the words are gone', async () => {
    expect(
      (await engine.send(patient, `/v1/ai/conversations/${conversation}`, { method: 'DELETE' })).status,
    ).toBe(204);
    const seen = await engine.send(patient, `/v1/ai/conversations/${conversation}`);
    expect(await seen.json()).toMatchObject({ state: 'closed', turns: [] });
    expect(
      await queryStore(engine, 'clinical', 'SELECT FROM clinical.chat_transcript_versions'),
    ).toHaveLength(0);
    expect((await ask(patient, triage, 'and on', conversation)).status).toBe(400);
  });

  it('who takes back the consent is asked again', async () => {
    const taken = await engine.send(patient, '/v1/consent-records', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        clinicId: patient.clinicIds[0],
        patientId: patient.patientRecordId,
        consentKind: 'ai-assistant',
        wordingVersion: 1,
        state: 'withdrawn',
      }),
    });
    expect(taken.status).toBe(201);
    expect(await codeOf(await ask(patient, triage, 'hello'))).toBe('ai-consent-missing');
  });
});

describe('a visitor', () => {
  const send = async (token: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${engine.running.url}${path}`, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` },
    });
  const tokenOf = (change?: Record<string, unknown>, from = site): Promise<string> =>
    from.token({ tenantId: patient.tenantId, clinicId: patient.clinicIds[0] ?? '' }, change);

  it('asks the public purpose, and what looks like details does not stay', async () => {
    const token = await tokenOf();
    const answer = await send(
      token,
      '/v1/ai/chat/completions',
      chat(marketing, 'I am Zelda Quimby, 07911 123456. When are you open?'),
    );
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Opening times');
    expect(await queryStore(engine, 'marketing', 'SELECT FROM marketing.public_chats')).toHaveLength(1);
    for (const canary of ['Zelda', '07911 123456']) expect(await searchStores(engine, canary)).toEqual([]);
    const models = (await (await send(token, '/v1/ai/models')).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toEqual([marketing]);
  });

  const conversationPath = (id: string): string => `/v1/ai/visitor-conversations/${id}`;

  it('sees what is kept of their conversation, and nobody else does', async () => {
    const [token, other] = await Promise.all([tokenOf(), tokenOf()]);
    const id = randomUUID();
    await send(
      token,
      '/v1/ai/chat/completions',
      chat(marketing, 'I am Zelda Quimby. When are you open?', id),
    );
    const seen = await send(token, conversationPath(id));
    expect(await seen.json()).toMatchObject({
      id,
      state: 'open',
      turns: [
        { speaker: 'visitor', text: 'I am [personal detail] [personal detail]. When are you open?' },
        { speaker: 'assistant' },
      ],
    });
    expect((await send(other, conversationPath(id))).status).toBe(404);
    expect((await engine.send(patient, conversationPath(id))).status).toBe(403);
    expect((await engine.send(engine.account('clinician'), conversationPath(id))).status).toBe(404);
    const entries = await queryStore<{ said: string }>(
      engine,
      'audit',
      `SELECT concat_ws(' ', decision, reason_code, actor_role) AS said FROM audit.audit_logs
       WHERE action = 'record.opened' AND resource_type = 'VisitorConversation' ORDER BY at`,
    );
    expect(entries.map(({ said }) => said)).toEqual([
      'permit granted role.public',
      'deny no-such-record role.public',
      'deny no-grant role.patient',
      'deny no-such-record role.clinician',
    ]);
  });

  it('erases their conversation: the words go, later ones are not kept, and another’s stays', async () => {
    const [token, other] = await Promise.all([tokenOf(), tokenOf()]);
    const id = randomUUID();
    const erase = (by: string) => send(by, conversationPath(id), { method: 'DELETE' });
    const read = async (by: string) => (await send(by, conversationPath(id))).json();
    const ask = (by: string) => send(by, '/v1/ai/chat/completions', chat(marketing, 'Where can I park?', id));
    await Promise.all([ask(token), ask(other)]);
    expect((await erase(token)).status).toBe(204);
    expect(await read(token)).toMatchObject({ state: 'closed', turns: [] });
    expect(await read(other)).toMatchObject({ state: 'open', turns: [{}, {}] });
    expect((await ask(token)).status).toBe(200);
    expect(await read(token)).toMatchObject({ state: 'closed', turns: [] });
    // An answer that was stopped may come to the store after the visitor has erased what it belongs to.
    const early = randomUUID();
    expect((await send(token, conversationPath(early), { method: 'DELETE' })).status).toBe(204);
    await send(token, '/v1/ai/chat/completions', chat(marketing, 'Where can I park?', early));
    expect(await (await send(token, conversationPath(early))).json()).toMatchObject({ turns: [] });
    const outcomes = (): Promise<{ outcome: string }[]> =>
      queryStore(
        engine,
        'audit',
        `SELECT o.outcome FROM audit.audit_logs i JOIN audit.audit_logs o ON o.intent_id = i.id
         WHERE i.action = 'record.changed' AND i.resource_type = 'VisitorConversation'`,
      );
    await expect
      .poll(async () => (await outcomes()).map(({ outcome }) => outcome))
      .toEqual(['success', 'success']);
  });

  it('is nobody anywhere else', async () => {
    const token = await tokenOf();
    expect((await send(token, '/v1/ai/chat/completions', chat(triage, 'hello'))).status).toBe(403);
    for (const path of [
      '/v1/me',
      '/v1/patients',
      '/v1/ai/conversations',
      '/v1/leads',
      '/v1/card-number-counts',
    ])
      expect([path, (await send(token, path)).status]).toEqual([path, 403]);
  });

  it('leaves an enquiry at the clinic of the site and no other, which the desk reads and closes', async () => {
    const leave = async (change: object = {}): Promise<Response> =>
      send(await tokenOf(), '/v1/leads', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          fullName: 'Zelda Quimby',
          contact: 'zelda@example.com',
          message: 'An appointment',
          consentToContact: true,
          consentWordingVersion: 1,
          ...change,
        }),
      });
    const elsewhere = engine.account('Yusuf Yorkson').clinicIds[0];
    expect((await leave({ clinicId: elsewhere })).status).toBe(403);
    const refused = await leave({ consentToContact: false });
    expect([refused.status, await refused.json()]).toMatchObject([422, { code: 'contact-consent-missing' }]);
    const answer = await leave();
    expect(answer.status).toBe(201);
    const { id } = (await answer.json()) as { id: string };
    const desk = engine.account('receptionist');
    const seen = await engine.send(desk, `/v1/leads/${id}`);
    expect(await seen.json()).toMatchObject({
      clinicId: patient.clinicIds[0],
      fullName: 'Zelda Quimby',
      state: 'new',
    });
    const closed = await engine.send(desk, `/v1/leads/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': `"${id}.1"` },
      body: JSON.stringify({ state: 'closed' }),
    });
    expect(closed.status).toBe(200);
  });

  it('is taken from the site’s own key alone, for a quarter of an hour, and as nobody else', async () => {
    const now = Math.floor(Date.now() / 1000);
    const refused = [
      await tokenOf({}, await openSite()),
      await tokenOf({ exp: now + 3600 }),
      await tokenOf({ exp: now - 60, iat: now - 900 }),
      await tokenOf({ visit_began: now - 4 * 3_600 }),
      await tokenOf({ role: 'role.clinician' }),
      await tokenOf({ aud: 'urn:other' }),
      await tokenOf({ iss: 'http://localhost:1/issuer' }),
      await engine.token(patient, { role: 'role.public' }),
    ];
    for (const token of refused) expect((await send(token, '/v1/ai/models')).status).toBe(401);
  });
});
