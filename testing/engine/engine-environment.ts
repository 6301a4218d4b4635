import { fileURLToPath } from 'node:url';
import { enginePools } from '../../apps/engine/src/stores/stores.ts';
import type { StoreClones } from '../../packages/stores/testing.ts';
import type { TestSecrets } from './secrets.ts';
import type { TestIssuer } from './test-issuer.ts';

/** The environment of an engine that runs as a process of its own, on loopback, over cloned stores. */
export const makeEngineEnvironment = (parts: {
  readonly stores: StoreClones;
  readonly secrets: TestSecrets;
  readonly issuer: TestIssuer;
  /** The API listens here; the listener for identity on the next one. */
  readonly basePort: number;
  readonly objectsFolder: string;
}): Record<string, string> => ({
  ...parts.stores.environment(Object.keys(enginePools)),
  ...parts.secrets.environment,
  CORDON_ENV: 'demo',
  CORDON_PORT: String(parts.basePort),
  CORDON_INTERNAL_PORT: String(parts.basePort + 1),
  CORDON_ISSUER_URL: parts.issuer.url,
  CORDON_AUDIENCE: parts.issuer.audience,
  CORDON_CONFIG_DIR: fileURLToPath(new URL('../../config', import.meta.url)),
  CORDON_OBJECTS_DIR: parts.objectsFolder,
});
