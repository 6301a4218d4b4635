import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { childEnvironment } from '../child-environment.ts';
import { changeStop } from '../../apps/engine/src/features/ai-gateway/index.ts';
import type { Stop } from '../../apps/engine/src/features/ai-gateway/stops.ts';
import { openAiStream } from '../../apps/engine/src/features/ai-gateway/providers/testing/protocol-server.ts';
import { giveConsent } from '../engine/ai-routes.ts';
import type { SeedAccount } from '../engine/run-engine-on.ts';
import { queryStore } from './query-store.ts';
import { completion, runGateway, type TestGateway } from './run-gateway.ts';

const cordon = fileURLToPath(new URL('../../apps/cli/bin/cordon.mjs', import.meta.url));
const triage = 'purpose.chat.triage.assist';
const messages = [{ role: 'user', content: 'My tooth hurts' }];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await runGateway();
});
beforeEach(() => {
  gateway.provider.answer = completion('All is well.');
  gateway.provider.received.length = 0;
});
afterAll(() => gateway.close());

/** The command as an operator types it, beside the engine, in a process of its own. */
async function run(...words: string[]): Promise<{ code: number; said: string }> {
  const env = { ...childEnvironment, ...gateway.engine.environment };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [cordon, 'ai', ...words], {
      env,
      timeout: 240_000,
    });
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, said: stderr };
  }
}

const codeOf = async (account: SeedAccount): Promise<string> => {
  const answer = await gateway.ask(account, { messages });
  return answer.status === 200 ? 'answered' : ((await answer.json()) as { code: string }).code;
};

describe('cordon ai stop', () => {
  it.each<[Stop['kind'], () => string, string]>([
    ['provider', () => 'provider.recording', 'ai-stopped'],
    ['purpose', () => triage, 'ai-stopped'],
    ['tenant', () => gateway.patient.tenantId, 'answered'],
  ])('of a %s holds at the very next request, until start', async (kind, name, elsewhere) => {
    const target = name();
    const other = gateway.engine.account('Rita Riverson');
    await giveConsent(gateway.engine, other);
    expect(await codeOf(gateway.patient)).toBe('answered');
    expect(await run('stop', kind, target)).toMatchObject({ code: 0 });
    gateway.provider.received.length = 0;
    expect(await codeOf(gateway.patient)).toBe('ai-stopped');
    expect(gateway.provider.received).toHaveLength(0);
    expect(await codeOf(other)).toBe(elsewhere);
    await changeStop(gateway.engine.running.engine, 'start', { kind, target });
    expect(await codeOf(gateway.patient)).toBe('answered');
    const entries = await queryStore<{ action: string }>(
      gateway.engine,
      'audit',
      `SELECT action FROM audit.audit_logs WHERE action IN ('ai.stopped', 'ai.started') ORDER BY at DESC LIMIT 2`,
    );
    expect(entries.map(({ action }) => action)).toEqual(['ai.started', 'ai.stopped']);
  });

  it('of what has no form stops nothing, and says so; start lets go on what was stopped', async () => {
    const stop = { kind: 'purpose', target: triage } as const;
    await changeStop(gateway.engine.running.engine, 'stop', stop);
    const [refused, started] = await Promise.all([
      run('stop', 'provider', '../x'),
      run('start', stop.kind, stop.target),
    ]);
    expect(refused.code).not.toBe(0);
    expect(refused.said).toMatch(/\S/);
    expect(started.code).toBe(0);
    expect(await codeOf(gateway.patient)).toBe('answered');
  });
});

describe('who leaves', () => {
  const begun = openAiStream({ content: 'Wait for the dentist, ' }, { content: 'please' });

  it.each([
    ['before a plain answer is there', false],
    ['in the middle of a stream', true],
  ])('%s ends the provider’s work, and the log says why', async (_what, stream) => {
    const brokenBefore = gateway.provider.broken();
    gateway.provider.answer = { pieces: stream ? begun.slice(0, 1) : [], hangs: true };
    const left = new AbortController();
    const token = await gateway.engine.token(gateway.patient);
    const asked = fetch(`${gateway.engine.running.url}/v1/ai/chat/completions`, {
      method: 'POST',
      signal: left.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-cordon-purpose': triage },
      body: JSON.stringify({ model: 'cordon', stream, messages }),
    }); // prettier-ignore
    if (stream) await (await asked).body?.getReader().read();
    await expect.poll(() => gateway.provider.received.length).toBe(1);
    left.abort();
    if (!stream) await expect(asked).rejects.toThrow(/abort/i);
    await expect.poll(() => gateway.provider.broken()).toBe(brokenBefore + 1);
    const last = async (): Promise<unknown> =>
      (
        await queryStore<{ said: string }>(
          gateway.engine,
          'audit',
          `SELECT outcome || ' ' || reason_code AS said FROM audit.audit_logs
           WHERE action = 'ai.called' ORDER BY at DESC LIMIT 1`,
        )
      )[0]?.said;
    await expect.poll(last).toBe('failure client-gone');
    // What was begun for somebody who left is no failure of the provider: it is asked again at once.
    gateway.provider.answer = completion('All is well.');
    expect(await codeOf(gateway.patient)).toBe('answered');
  });
});
