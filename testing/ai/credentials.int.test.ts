import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { loadPolicy } from '@cordon/access-policy';
import { issueCertificate } from '@cordon/stores/certificates';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountOf } from '../engine/route-case.ts';
import { makePlan, runEngineOn, type TestEngine } from '../engine/run-engine-on.ts';
import { cloneStores } from '../stores.ts';
import { queryStore } from './query-store.ts';
import { openSite, type TestSite } from './visitor.ts';

const config = fileURLToPath(new URL('../../config', import.meta.url));
const { purposes } = (await loadPolicy(config)).files.aiGateway;

let engine: TestEngine;
let site: TestSite;
beforeAll(async () => {
  site = await openSite();
  engine = await runEngineOn(await cloneStores(), makePlan(), { environment: site.environment });
});
afterAll(() => engine.close());

const paths = ['/v1/ai/chat/completions', ...purposes.map(({ id }) => `/v1/ai/purposes/${id}`)];
const body = (purpose: string): string =>
  JSON.stringify({ model: 'cordon', messages: [{ role: 'user', content: 'hello' }], metadata: { purpose } });
const post = (path: string, token: string | null, purpose = 'purpose.chat.triage.assist') =>
  fetch(`${engine.running.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: path.endsWith('/completions') ? body(purpose) : JSON.stringify({ recordId: randomUUID() }),
  });

it('a token that was made for another service, by another, or for another use opens no way to a model', async () => {
  const patient = engine.account('Petra Patientson');
  const tokens = {
    none: null,
    'of the console’s own client': await engine.token(patient, { aud: 'console' }),
    'of the portal’s own client': await engine.token(patient, { aud: ['portal'] }),
    'for identity itself': await engine.token(patient, { aud: 'http://localhost:1/issuer' }),
    'of another issuer': await engine.token(patient, { iss: 'http://localhost:7403' }),
    'of a service, without a role': await engine.token(patient, { role: undefined, sub: 'sequencer' }),
    'of a role that nobody has': await engine.token(patient, { role: 'role.service' }),
    'that has ended': await engine.token(patient, { exp: Math.floor(Date.now() / 1000) - 60 }),
    'of the key of visitors, for a patient': await site.token(
      { tenantId: patient.tenantId, clinicId: patient.clinicIds[0] ?? '' },
      { role: 'role.patient' },
    ),
    'of another key': await (await openSite()).token({ tenantId: patient.tenantId, clinicId: '' }),
  };
  for (const [name, token] of Object.entries(tokens))
    for (const path of paths)
      expect([name, path, (await post(path, token)).status]).toEqual([name, path, 401]);
});

it('each role uses its own purposes and no other, also with a good token', async () => {
  for (const { id, roles } of purposes)
    for (const [role, name] of Object.entries(accountOf)) {
      if ((roles as readonly string[]).includes(role)) continue;
      const token = await engine.token(engine.account(name));
      const chat = await post('/v1/ai/chat/completions', token, id);
      expect([id, role, chat.status]).toEqual([id, role, 403]);
      expect([id, role, (await post(`/v1/ai/purposes/${id}`, token)).status >= 400]).toEqual([
        id,
        role,
        true,
      ]);
    }
});

it('a visitor’s token of one clinic group speaks for no other, and has no way to a record', async () => {
  const river = engine.account('Rita Riverson');
  const token = await site.token({ tenantId: river.tenantId, clinicId: river.clinicIds[0] ?? '' });
  const asked = await post('/v1/ai/chat/completions', token, 'purpose.chat.marketing.general');
  expect(asked.status).toBe(200);
  const rows = await queryStore<{ tenant_id: string }>(
    engine,
    'marketing',
    'SELECT tenant_id FROM marketing.public_chats',
  );
  expect(rows).toEqual([{ tenant_id: river.tenantId }]);
  for (const path of paths.slice(1)) expect([path, (await post(path, token)).status]).toEqual([path, 403]);
});

it('the listener between processes, certificate and all, has no way to a model', async () => {
  const { certificate: cert, key } = await issueCertificate(engine.authority, {
    commonName: 'identity',
    use: 'client',
    days: 2,
  });
  const url = engine.running.internalUrl.replace('127.0.0.1', 'localhost');
  const ask = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(
        `${url}${path}`,
        {
          method: 'POST',
          cert,
          key,
          ca: engine.authority.certificate,
          headers: { 'content-type': 'application/json' },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
        .on('error', reject)
        .end(body('purpose.chat.triage.assist'));
    });
  for (const path of paths) expect([path, await ask(path)]).toEqual([path, 404]);
});

it('no other process’s login role reads a conversation, or the switches and counts of the gateway', async () => {
  const tables = {
    marketing: ['marketing.public_chats'],
    clinical: ['clinical.chat_transcripts', 'clinical.ai_usage', 'clinical.ai_stops'],
  };
  for (const [store, names] of Object.entries(tables))
    for (const table of names) {
      const rows = await queryStore<{ rolname: string }>(
        engine,
        store,
        `SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND has_table_privilege(rolname, $1, 'SELECT')`,
        [table],
      );
      const readers = rows.map(({ rolname }) => rolname);
      expect([table, readers.length > 0, readers.filter((role) => !role.startsWith('engine_'))]).toEqual([
        table,
        true,
        [],
      ]);
    }
});
