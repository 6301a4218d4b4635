import { randomUUID } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { giveConsent } from '../engine/ai-routes.ts';
import { setStoreOpen } from '../engine/set-store-open.ts';
import { findFreeBasePort } from '../end-to-end/find-ports.ts';
import { openFailingProvider } from './failing-provider.ts';
import { queryStore } from './query-store.ts';
import { completion, runGateway, type TestGateway } from './run-gateway.ts';
import { answerText, wholeAnswer, wrongAnswers } from './wrong-answers.ts';

let gateway: TestGateway;
let keys: string;
beforeAll(async () => {
  // Silence of a second is a provider that hangs.
  keys = await mkdtemp(join(tmpdir(), 'cordon-keys-'));
  await writeFile(join(keys, 'open.key'), 'sk-0123456789', { mode: 0o644 });
  await writeFile(join(keys, 'empty.key'), '', { mode: 0o600 });
  gateway = await runGateway({ CORDON_AI_TIMEOUT_SECONDS: '1', CORDON_AI_KEYS_DIR: keys });
});
beforeEach(async () => {
  await gateway.configure((file) => file);
  gateway.provider.answer = completion('All is well.');
  gateway.provider.received.length = 0;
});
afterAll(async () => {
  await gateway.close();
  await rm(keys, { recursive: true });
});

const messages = [{ role: 'user', content: 'My tooth hurts' }];
const ask = (body: object = {}): Promise<Response> =>
  gateway.ask(gateway.patient, { messages, metadata: { conversation: randomUUID() }, ...body });
const sql = (statement: string, store = 'clinical', values: readonly unknown[] = []): Promise<object[]> =>
  queryStore(gateway.engine, store, statement, values);

interface Refused {
  readonly code: string;
  readonly requestId: string;
}

/** A clear problem, also in the form of OpenAI's clients, and not a word of an answer. */
async function expectProblem(answer: Response): Promise<Refused> {
  const text = await answer.text();
  const told = JSON.parse(text) as { code: string; title: string; error: { code: string } };
  expect(answer.status, text).toBeGreaterThanOrEqual(400);
  expect(told.error.code).toBe(told.code);
  expect(told.title).toMatch(/[a-z]\./);
  expect(text).not.toMatch(/All is well|Petra|tooth|127\.0\.0\.1|ECONN|SELECT/);
  return { code: told.code, requestId: answer.headers.get('x-request-id') ?? '' };
}

async function entriesOf(requestId: string): Promise<string[]> {
  const rows = (await sql(
    `SELECT action, outcome, reason_code FROM audit.audit_logs WHERE request_id = $1
       AND action IN ('ai.called', 'ai.retried') ORDER BY at`,
    'audit',
    [requestId],
  )) as { action: string; outcome: string; reason_code: string }[];
  return rows.map(({ action, outcome, reason_code }) => `${action} ${outcome} ${reason_code}`);
}

/** Breaks something, and answers how it is put right again. */
type Break = () => Promise<() => unknown>;

const closeStore = (store: string): Break => async () => {
  gateway.engine.running.engine.patientKeys.forgetAll();
  gateway.engine.running.engine.tenantKeys.forgetAll();
  await setStoreOpen(gateway.engine, store, false);
  return () => setStoreOpen(gateway.engine, store, true);
}; // prettier-ignore
const takeAway = (right: string, table: string): Break => async () => {
  await sql(`REVOKE ${right} ON clinical.${table} FROM engine_jobs`);
  return () => sql(`GRANT ${right} ON clinical.${table} TO engine_jobs`);
}; // prettier-ignore
const configure = (change: (provider: Record<string, unknown>) => object): Break => async () => {
  await gateway.configure((file) => {
    const [provider] = file['providers'] as Record<string, unknown>[];
    return { ...file, providers: [{ ...provider, ...change(provider ?? {}) }] };
  });
  return () => undefined;
}; // prettier-ignore

const before: readonly (readonly [what: string, code: string, fail: Break])[] = [
  ['the vault is away', 'keys-unavailable', closeStore('vault')],
  ['the clinical store is away', 'records-unavailable', closeStore('clinical')],
  ['conversations cannot be asked', 'ai-check-failed', takeAway('SELECT', 'chat_transcripts')],
  ['consent cannot be asked', 'ai-check-failed', takeAway('SELECT', 'consent_records')],
  ['limits cannot be asked', 'ai-check-failed', takeAway('SELECT', 'ai_usage')],
  ['calls cannot be counted', 'ai-check-failed', takeAway('INSERT', 'ai_usage')],
  ['switches cannot be asked', 'ai-check-failed', takeAway('SELECT', 'ai_stops')],
  ['the profile does not open', 'keys-unavailable', async () => {
    const id = gateway.patient.patientRecordId;
    const [row] = (await sql('SELECT phone FROM clinical.patients WHERE id = $1', 'clinical', [id])) as { phone: Buffer }[];
    const [other] = (await sql('SELECT full_name FROM clinical.patients WHERE id <> $1', 'clinical', [id])) as { full_name: Buffer }[];
    await sql('UPDATE clinical.patients SET phone = $2 WHERE id = $1', 'clinical', [id, other?.full_name]);
    return () => sql('UPDATE clinical.patients SET phone = $2 WHERE id = $1', 'clinical', [id, row?.phone]);
  }],
  ['the configuration was deleted', 'ai-config-invalid', async () => {
    await rename(gateway.configFile, `${gateway.configFile}.away`);
    return () => rename(`${gateway.configFile}.away`, gateway.configFile);
  }],
  ['the configuration is half written', 'ai-config-invalid', async () => {
    await writeFile(gateway.configFile, '{ "version": "1.0.0", "provi');
    return () => undefined;
  }],
  ['the provider has no key', 'ai-provider-unavailable', configure(() => ({ credentialReference: 'none.key' }))],
  ['the provider’s key is readable by everybody', 'ai-provider-unavailable', configure(() => ({ credentialReference: 'open.key' }))],
  ['the provider’s key is empty', 'ai-provider-unavailable', configure(() => ({ credentialReference: 'empty.key' }))],
  ['the provider is at another kind of address', 'ai-provider-unavailable',
    configure(() => ({ kind: 'remote', baseUrl: 'https://127.0.0.1/v1' }))],
  ['the provider is at a mapped address of this machine', 'ai-provider-unavailable',
    configure(() => ({ kind: 'remote', baseUrl: 'https://[::ffff:7f00:1]/v1' }))],
]; // prettier-ignore

describe('nothing is sent while', () => {
  it.each(before)('%s: %s', async (_what, code, fail) => {
    const repair = await fail();
    let refused: Refused;
    try {
      refused = await expectProblem(await ask());
    } finally {
      await repair();
    }
    expect(refused.code).toBe(code);
    expect(gateway.provider.received).toHaveLength(0);
    const entries = await entriesOf(refused.requestId);
    expect(entries.at(-1)).toContain(code);
    await gateway.configure((file) => file);
    await expect.poll(async () => (await ask()).status).toBe(200);
  });

  it('the audit store is away, which then is the refusal', async () => {
    await setStoreOpen(gateway.engine, 'audit', false);
    try {
      expect((await expectProblem(await ask())).code).toBe('audit-unavailable');
    } finally {
      await setStoreOpen(gateway.engine, 'audit', true);
    }
    expect(gateway.provider.received).toHaveLength(0);
    await expect.poll(async () => (await ask()).status).toBe(200);
  });

  it('the detector gives up', async () => {
    await gateway.configure((file) => {
      const purposes = file['purposes'] as object[];
      return { ...file, purposes: purposes.map((purpose) => ({ ...purpose, maxCharacters: 20_000 })) };
    });
    const numbers = Array.from({ length: 10_001 }, (_each, index) => 200_000 + index * 7);
    const content = [numbers.slice(0, 8_000), numbers.slice(8_000)].map((part) => ({ type: 'text', text: part.join(', ') }));
    const refused = await expectProblem(await ask({ messages: [{ role: 'user', content }] }));
    expect(refused.code).toBe('ai-check-failed');
    expect(gateway.provider.received).toHaveLength(0);
    expect(await entriesOf(refused.requestId)).toEqual(['ai.called none ai-check-failed']);
  }); // prettier-ignore

  it('the record was erased', async () => {
    const other = gateway.engine.account('Yusuf Yorkson');
    await giveConsent(gateway.engine, other);
    expect((await gateway.ask(other, { messages })).status).toBe(200);
    gateway.provider.received.length = 0;
    await queryStore(gateway.engine, 'vault', 'DELETE FROM vault.patient_keys WHERE patient_id = $1', [
      other.patientRecordId,
    ]);
    gateway.engine.running.engine.patientKeys.forgetAll();
    const refused = await expectProblem(await gateway.ask(other, { messages }));
    expect(refused.code).toBe('record-destroyed');
    expect(gateway.provider.received).toHaveLength(0);
    expect(await entriesOf(refused.requestId)).toEqual(['ai.called none record-destroyed']);
  });
});

/** Told, and in the log as an intent that came to nothing. */
async function expectFailure(): Promise<void> {
  const refused = await expectProblem(await ask());
  expect(refused.code).toBe('ai-provider-failed');
  const entries = await entriesOf(refused.requestId);
  expect([entries[0], entries.at(-1)]).toEqual([
    'ai.called intent granted-own-record',
    'ai.called failure ai-provider-failed',
  ]);
}

let turn = 0;
const pointAt = (baseUrl: string): Promise<() => unknown> => {
  turn += 1;
  // Of a name of its own each, or the fifth failure would leave it alone.
  return configure(() => ({ id: `provider.failing${'abcdefghijklmnopqrstuvwxyz'[turn] ?? ''}`, baseUrl: `${baseUrl}/v1` }))();
}; // prettier-ignore

describe('a provider that', () => {
  it.each(wrongAnswers)('%s has not answered: %s', async (_what, code, answer) => {
    const provider = await openFailingProvider(answer);
    await pointAt(provider.url);
    try {
      const refused = await expectProblem(await ask());
      expect(refused.code).toBe(code);
      expect(provider.received()).toBe(1);
      expect(gateway.provider.received).toHaveLength(0);
      expect(await entriesOf(refused.requestId)).toEqual([
        'ai.called intent granted-own-record',
        `ai.called failure ${code}`,
      ]);
    } finally {
      await provider.close();
    }
  });

  it('refuses the connection is asked again twice, with an entry each time', async () => {
    await pointAt(`http://127.0.0.1:${await findFreeBasePort()}`);
    const refused = await expectProblem(await ask());
    expect(refused.code).toBe('ai-provider-failed');
    expect((await entriesOf(refused.requestId)).map((entry) => entry.split(' ')[0])).toEqual([
      'ai.called', 'ai.retried', 'ai.retried', 'ai.called',
    ]);
  }); // prettier-ignore

  it('has no address is not found', async () => {
    await pointAt('http://nobody.invalid:8080');
    await expectFailure();
  });

  it('shows a certificate that nobody vouches for is sent nothing', async () => {
    const provider = await openFailingProvider(answerText(wholeAnswer), gateway.engine.authority);
    await pointAt(provider.url);
    await expectFailure();
    expect(provider.received()).toBe(0);
    await provider.close();
  });

  it('speaks no TLS where it should is sent nothing', async () => {
    const provider = await openFailingProvider(answerText(wholeAnswer));
    await pointAt(provider.url.replace('http:', 'https:'));
    await expectFailure();
    expect(provider.received()).toBe(0);
    await provider.close();
  });
});

describe('an answer that came', () => {
  /** What the provider is asked for, once it is asked. */
  const during = (work: () => Promise<unknown>): RequestListener => (_request, response) => {
    void work().then(() => response.writeHead(200).end(wholeAnswer));
  }; // prettier-ignore

  it('is not shown where its outcome cannot be recorded, and the intent stays as the mark of it', async () => {
    const provider = await openFailingProvider(during(() => setStoreOpen(gateway.engine, 'audit', false)));
    await pointAt(provider.url);
    const answer = await ask();
    await setStoreOpen(gateway.engine, 'audit', true);
    const refused = await expectProblem(answer);
    expect(refused.code).toBe('audit-unavailable');
    expect(await entriesOf(refused.requestId)).toEqual(['ai.called intent granted-own-record']);
    await provider.close();
  });

  it.each<[string, string, Break]>([
    ['where it cannot be kept', 'records-unavailable', takeAway('INSERT', 'chat_transcripts')],
    ['where the store went away', 'records-unavailable', closeStore('clinical')],
    ['where the vault went away', 'keys-unavailable', closeStore('vault')],
  ])('is not shown %s: %s', async (_what, code, fail) => {
    let repair: () => unknown = () => undefined;
    const provider = await openFailingProvider(during(async () => (repair = await fail())));
    await pointAt(provider.url);
    const answer = await ask();
    await repair();
    const refused = await expectProblem(answer);
    expect(refused.code).toBe(code);
    expect((await entriesOf(refused.requestId)).at(-1)).toBe(`ai.called failure ${code}`);
    await provider.close();
    await gateway.configure((file) => file);
    await expect.poll(async () => (await ask()).status).toBe(200);
  });

  it('is not shown where its conversation does not open', async () => {
    const metadata = { conversation: randomUUID() };
    expect((await ask({ metadata })).status).toBe(200);
    await sql(
      `UPDATE clinical.chat_transcripts SET transcript = (SELECT full_name FROM clinical.patients LIMIT 1) WHERE id = $1`,
      'clinical',
      [metadata.conversation],
    );
    expect((await expectProblem(await ask({ metadata }))).code).toBe('keys-unavailable');
  });
});
