import { fileURLToPath } from 'node:url';
import { loadPolicy } from '@cordon/access-policy';
import { exitCodeOf, type Proof, prove, renderText } from '@cordon/row-security/prover';
import { readStoreDefinitions } from '@cordon/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import { cordonConfig } from './rls-cordon.ts';

const folder = (name: string): string => fileURLToPath(new URL(`../../../../${name}`, import.meta.url));
let stores: Awaited<ReturnType<typeof cloneStores>>;
let proofs: Map<string, Proof>;
beforeAll(async () => {
  stores = await cloneStores();
  proofs = new Map(
    await Promise.all(definitions.map(async ({ store }) => [store, await proveStore(store)] as const)),
  );
});
afterAll(() => stores.drop());

const definitions = await readStoreDefinitions(folder('database'));
const policy = await loadPolicy(folder('config'));

async function proveStore(store: string): Promise<Proof> {
  const definition = definitions.find((each) => each.store === store);
  if (!definition) throw new TypeError(`there is no store ${store}`);
  const key = definition.sealed ? stores.sealKey(store) : undefined;
  return prove({
    config: cordonConfig(definition, key, policy),
    scratch: { administrator: stores.admin(store), loginOf: (role) => stores.connection(store, role) },
  });
}

describe.each(definitions.map((each) => each.store))('the %s store', (store) => {
  it('holds against every attack', async () => {
    const proof = proofs.get(store) as Proof;
    // The report names table, channel, SQL and fix of whatever came through.
    expect(exitCodeOf([proof]), renderText([proof])).toBe(0);
  });
});
