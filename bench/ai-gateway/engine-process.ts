// The engine on a clone of the stores, in a process of its own, with a patient who has agreed to the assistant.
import { cloneDatabases, type TestClusterInfo } from '@cordon/stores/testing';
import { createRateLimit } from '@cordon/web-guard';
import { giveConsent } from '../../testing/engine/ai-routes.ts';
import { runEngineOn } from '../../testing/engine/run-engine-on.ts';

export interface EngineInput {
  readonly cluster: TestClusterInfo;
  readonly configFolder: string;
}
export interface EngineReady {
  readonly url: string;
  readonly authorization: string;
}

const { cluster, configFolder } = JSON.parse(process.argv[2] ?? '') as EngineInput;
const engine = await runEngineOn(await cloneDatabases(cluster), undefined, {
  rateLimit: createRateLimit({ store: { take: () => ({ allowed: true }) } }),
  environment: { CORDON_CONFIG_DIR: configFolder },
});
const patient = engine.account('Petra Patientson');
await giveConsent(engine, patient);
process.once('SIGTERM', () => void engine.close().finally(() => process.exit()));
process.send?.({
  ready: {
    url: `${engine.running.url}/v1/ai/chat/completions`,
    authorization: `Bearer ${await engine.token(patient)}`,
  } satisfies EngineReady,
});
