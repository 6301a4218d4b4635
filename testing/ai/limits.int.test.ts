import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeStop } from '../../apps/engine/src/features/ai-gateway/index.ts';
import type { Stop } from '../../apps/engine/src/features/ai-gateway/stops.ts';
import { giveConsent } from '../engine/ai-routes.ts';
import type { SeedAccount } from '../engine/run-engine-on.ts';
import { queryStore } from './query-store.ts';
import { completion, runGateway, type TestGateway } from './run-gateway.ts';

const triage = 'purpose.chat.triage.assist';
const marketing = 'purpose.chat.marketing.general';
let gateway: TestGateway;
/** Of another group, which uses the same purpose and provider. */
let other: SeedAccount;
beforeAll(async () => {
  gateway = await runGateway();
  other = gateway.engine.account('Rita Riverson');
  await giveConsent(gateway.engine, other);
});
beforeEach(async () => {
  await gateway.configure((file) => file);
  await queryStore(gateway.engine, 'clinical', 'DELETE FROM clinical.ai_usage');
  // A thousand tokens a call.
  const { pieces } = completion('All is well.');
  const [answer] = pieces.map((each) => JSON.parse(each) as object);
  gateway.provider.answer = {
    pieces: [JSON.stringify({ ...answer, usage: { prompt_tokens: 600, completion_tokens: 400 } })],
  };
  gateway.provider.received.length = 0;
});
afterAll(() => gateway.close());

const messages = [{ role: 'user', content: 'My tooth hurts' }];

async function codeOf(account: SeedAccount, purpose = triage): Promise<string> {
  const answer = await gateway.ask(account, { messages }, { 'x-cordon-purpose': purpose });
  if (answer.status === 200) return 'answered';
  const { code } = (await answer.json()) as { code: string };
  const [entry] = await queryStore<{ said: string }>(
    gateway.engine,
    'audit',
    `SELECT reason_code AS said FROM audit.audit_logs WHERE request_id = $1 AND action = 'ai.called' ORDER BY at DESC LIMIT 1`,
    [answer.headers.get('x-request-id')],
  );
  expect(entry?.said).toBe(code);
  return code;
}

const limit = (limits: object, change: object = {}): Promise<void> =>
  gateway.configure((file) => {
    const [provider] = file['providers'] as object[];
    return { ...file, limits, providers: [{ ...provider, ...change }] };
  });

const used = (): Promise<object[]> =>
  queryStore(
    gateway.engine,
    'clinical',
    `SELECT calls::int, tokens::int, cost_millionths::int AS cost FROM clinical.ai_usage
     WHERE tenant_id = $1 AND purpose_id = $2`,
    [gateway.patient.tenantId, triage],
  );

// Of the price below a call costs 1.4; before it is made it is taken for less than 1,300 tokens, and for less than 2.4.
const pricePerMillionTokens = { input: 1_000, output: 2_000 };
const ofTwoCalls = [
  ['calls', { calls: 2 }],
  ['tokens', { tokens: 2_900 }],
  ['cost', { cost: 4.4 }],
] as const;

describe.each(ofTwoCalls)('a limit on %s', (_what, of) => {
  it.each([
    ['perPurpose', 'answered'],
    ['perTenant', 'ai-limit-reached'],
  ])('%s lets two calls through, and nobody else’s count', async (scope, sameTenant) => {
    await limit({ [scope]: of }, { pricePerMillionTokens });
    expect([await codeOf(gateway.patient), await codeOf(gateway.patient)]).toEqual(['answered', 'answered']);
    expect(await codeOf(gateway.patient)).toBe('ai-limit-reached');
    expect(gateway.provider.received).toHaveLength(2);
    // What was used counts, and not what was taken for it; what was refused does not.
    expect(await used()).toEqual([{ calls: 2, tokens: 2_000, cost: 2_800_000 }]);
    expect(await codeOf(gateway.patient, marketing)).toBe(sameTenant);
    expect(await codeOf(other)).toBe('answered');
  });
});

it('a limit holds for calls that come at once', async () => {
  await limit({ perPurpose: { calls: 3 } });
  const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(gateway.patient)));
  expect(codes.filter((code) => code === 'answered')).toHaveLength(3);
  expect(gateway.provider.received).toHaveLength(3);
});

it('a call that is refused after it was counted does not count', async () => {
  const long = [{ role: 'user', content: 'word '.repeat(2_000) }];
  expect((await gateway.ask(gateway.patient, { messages: long })).status).toBe(413);
  expect(await used()).toEqual([{ calls: 0, tokens: 0, cost: 0 }]);
});

it('a provider that failed five times is left alone, and another one is asked', async () => {
  // Of a name of its own, for it is left alone for longer than this file runs.
  await limit({}, { id: 'provider.failing' });
  gateway.provider.answer = { status: 500, pieces: [] };
  for (let time = 0; time < 5; time += 1) expect(await codeOf(gateway.patient)).toBe('ai-provider-failed');
  gateway.provider.answer = completion('All is well.');
  expect(await codeOf(gateway.patient)).toBe('ai-provider-resting');
  expect(gateway.provider.received).toHaveLength(5);
  await limit({}, { id: 'provider.second' });
  expect(await codeOf(gateway.patient)).toBe('answered');
});

describe('a switch', () => {
  it.each([
    ['provider', () => 'provider.recording', false],
    ['purpose', () => triage, false],
    ['tenant', () => gateway.patient.tenantId, true],
  ] satisfies [Stop['kind'], () => string, boolean][])(
    'of a %s ends a stream that is under way',
    async (kind, name, goesOn) => {
      const begun = 'data: {"choices":[{"delta":{"content":"Wait for the dentist, please, "}}]}\n\n';
      gateway.provider.answer = { pieces: [begun], hangs: true };
      const brokenBefore = gateway.provider.broken();
      const { engine } = gateway.engine.running;
      const [stopped, running] = await Promise.all(
        [gateway.patient, other].map(async (account) => {
          const { body } = await gateway.ask(account, { messages, stream: true });
          const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
          await reader?.read();
          return reader;
        }),
      );
      await changeStop(engine, 'stop', { kind, target: name() });
      await expect.poll(() => gateway.provider.broken()).toBe(brokenBefore + (goesOn ? 1 : 2));
      let rest = '';
      for (let more = true; more;) {
        const read = await stopped?.read();
        rest += read?.value ?? '';
        more = read?.done === false;
      }
      expect(rest).toContain('ai-stopped');
      expect(rest).not.toContain('[DONE]');
      const outcomes = await queryStore<{ reason_code: string }>(
        gateway.engine,
        'audit',
        `SELECT reason_code FROM audit.audit_logs WHERE action = 'ai.called' AND outcome = 'failure'
       AND tenant_id = $1 ORDER BY at DESC LIMIT 1`,
        [gateway.patient.tenantId],
      );
      expect(outcomes).toEqual([{ reason_code: 'ai-stopped' }]);
      await running?.cancel();
      await changeStop(engine, 'start', { kind, target: name() });
      gateway.provider.answer = completion('All is well.');
      expect(await codeOf(gateway.patient)).toBe('answered');
    },
  );
});
