import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RateLimit } from '@cordon/web-guard';
import { giveConsent } from '../engine/ai-routes.ts';
import { makePlan, runEngineOn, type SeedAccount, type TestEngine } from '../engine/run-engine-on.ts';
import { cloneStores } from '../stores.ts';
import {
  openProtocolServer,
  type ProtocolServer,
} from '../../apps/engine/src/features/ai-gateway/providers/testing/protocol-server.ts';

export interface TestGateway {
  readonly engine: TestEngine;
  readonly provider: ProtocolServer;
  readonly patient: SeedAccount;
  readonly configFile: string;
  /** Writes the gateway's configuration, changed; taken up by the next request. */
  configure(change: (file: Record<string, unknown>) => unknown): Promise<void>;
  ask(account: SeedAccount, body: object, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** Tests ask more in a minute than a person may. */
const unlimited: RateLimit = { take: () => Promise.resolve(), hook: () => () => Promise.resolve() };

/** A whole engine with a configuration of its own, whose provider keeps every byte; the patient has agreed to the assistant. */
export async function runGateway(environment: Record<string, string> = {}): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-config-'));
  await cp(fileURLToPath(new URL('../../config', import.meta.url)), folder, { recursive: true });
  const configFile = join(folder, 'champagne-ai-gateway-config.json');
  const shipped = JSON.parse(await readFile(configFile, 'utf8')) as Record<string, unknown> & {
    purposes: { id: string; whitelistedFields: string[] }[];
  };
  const provider = await openProtocolServer();
  const usual = {
    ...shipped,
    purposes: shipped.purposes.map((purpose) => ({ ...purpose, whitelistedFields: [...purpose.whitelistedFields, 'chatMessage.tools'] })),
    providers: [
      {
        id: 'provider.recording',
        description: 'Keeps what it is sent.',
        kind: 'local',
        baseUrl: `${provider.url}/v1`,
        region: 'region.uk',
        model: 'recorder',
        allowedPurposes: shipped.purposes.map(({ id }) => id),
      },
    ],
  };
  const configure: TestGateway['configure'] = async (change) => {
    const changed = change(structuredClone(usual));
    await writeFile(configFile, typeof changed === 'string' ? changed : JSON.stringify(changed));
  };
  await configure((file) => file);
  const engine = await runEngineOn(await cloneStores(), makePlan(), { environment: { CORDON_CONFIG_DIR: folder, ...environment }, rateLimit: unlimited });
  const patient = engine.account('Petra Patientson');
  await giveConsent(engine, patient);
  return {
    engine,
    provider,
    patient,
    configFile,
    configure,
    ask: (account, body, headers = {}) =>
      engine.send(account, '/v1/ai/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-cordon-purpose': 'purpose.chat.triage.assist', ...headers },
        body: JSON.stringify({ model: 'cordon', ...body }),
      }),
    close: async () => {
      await engine.close();
      await provider.close();
      await rm(folder, { recursive: true });
    },
  };
} // prettier-ignore

/** What the provider says back, whatever it was asked: the last message, in OpenAI's form. */
export const completion = (content: string): { pieces: string[] } => ({
  pieces: [
    JSON.stringify({
      choices: [{ message: { content }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    }),
  ],
});
