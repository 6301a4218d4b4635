import { randomUUID } from 'node:crypto';
import { createLocalKeyManagement, generateDataKey, type KeyManagement } from '@cordon/field-encryption';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../audit/entry.ts';
import { issueReceipt } from '../audit/receipt.ts';
import { EngineError } from '../error.ts';
import type { Stores } from '../stores/stores.ts';
import { createPatientKeys, patientKeyContext, type PatientKeys } from './patient-keys.ts';
import { createTenantKeys, keyManagementOf, tenantKeyContext, type TenantKeys } from './tenant-keys.ts';

const [tenantId, patientId, pseudonym] = [randomUUID(), randomUUID(), randomUUID()];
const receipt = issueReceipt([
  { tenantId, patientPseudonym: pseudonym, decision: 'permit', outcome: 'intent' } as AuditEntry,
]);
const root: KeyManagement = createLocalKeyManagement({ rootKey: generateDataKey(), rootKeyId: 'root' });

/** A vault whose answers wait until they are let go, one after the other; what they say is what stood there when asked. */
const rows: Record<'tenant_keys' | 'patient_keys' | 'audit_pseudonyms', object[]> = {
  tenant_keys: [],
  patient_keys: [],
  audit_pseudonyms: [],
};
let waiting: { table: string; go: () => void }[] = [];
let asks = 0;
const stores = {
  vaultOf: () => ({
    query: (text: string) => {
      asks += 1;
      const table = /FROM vault\.(\w+)/.exec(text)?.[1] as keyof typeof rows;
      const seen = { rows: [...rows[table]] };
      return new Promise((resolve) => {
        waiting.push({ table, go: () => { resolve(seen); } });
      });
    },
  }),
} as unknown as Stores; // prettier-ignore

/** Lets what is asked of other tables go, until a question about this one waits. */
async function waitFor(table: string): Promise<() => void> {
  for (;;) {
    await new Promise(setImmediate);
    const next = waiting.shift();
    if (next?.table === table) return next.go;
    next?.go();
  }
}
async function letAllGo<Answer>(answer: Promise<Answer>): Promise<PromiseSettledResult<Answer>> {
  const done = { yet: false };
  const [settled] = [Promise.allSettled([answer]).finally(() => (done.yet = true))];
  while (!done.yet) {
    await new Promise(setImmediate);
    waiting.shift()?.go();
  }
  return (await settled)[0];
}

let tenantKeys: TenantKeys;
let keys: PatientKeys;
beforeEach(async () => {
  const [tenantKeyId, keyId, tenantKey] = [randomUUID(), randomUUID(), generateDataKey()];
  const wrappedTenantKey = await root.wrap(tenantKey, tenantKeyContext(tenantId, 'data', tenantKeyId));
  const wrapped = await keyManagementOf(tenantKey, tenantKeyId).wrap(
    generateDataKey(),
    patientKeyContext(tenantId, patientId, keyId),
  );
  rows.tenant_keys = [
    {
      id: tenantKeyId,
      purpose: 'data',
      wrapped: wrappedTenantKey.wrapped,
      root_key_id: 'root',
      written: true,
    },
  ];
  rows.patient_keys = [
    { id: keyId, patient_id: patientId, tenant_key_id: tenantKeyId, wrapped: wrapped.wrapped },
  ];
  rows.audit_pseudonyms = [{ id: pseudonym, patient_id: patientId }];
  [waiting, asks] = [[], 0];
  tenantKeys = createTenantKeys(stores, root);
  keys = createPatientKeys(stores, tenantKeys);
});
afterEach(() => {
  keys.close();
  tenantKeys.close();
  vi.restoreAllMocks();
});

const load = () => keys.load(tenantId, [patientId], receipt);

describe('a key that is fetched from the vault', () => {
  it('is not handed out when it was destroyed meanwhile, nor known afterwards', async () => {
    const loading = load();
    const go = await waitFor('patient_keys');
    keys.bury(tenantId, [patientId]);
    go();
    expect(await letAllGo(loading)).toMatchObject({ status: 'fulfilled', value: new Map() });
    rows.patient_keys = [];
    rows.audit_pseudonyms = [];
    expect(await letAllGo(keys.pseudonyms(tenantId, [patientId]))).toMatchObject({ value: new Map() });
  });

  it('is not handed out when the keys were shut meanwhile, nor kept until they open', async () => {
    const loading = load();
    const go = await waitFor('patient_keys');
    keys.shut(new EngineError('vault-older'));
    go();
    expect(await letAllGo(loading)).toMatchObject({ status: 'rejected', reason: { code: 'vault-older' } });
    keys.shut(undefined);
    rows.patient_keys = [];
    expect(await letAllGo(load())).toMatchObject({ status: 'fulfilled', value: new Map() });
  });

  it('is not asked for when the keys were shut while the pseudonym was looked for', async () => {
    const loading = load();
    const go = await waitFor('audit_pseudonyms');
    keys.shut(new EngineError('vault-older'));
    go();
    expect(await letAllGo(loading)).toMatchObject({ status: 'rejected', reason: { code: 'vault-older' } });
    expect(asks).toBe(1);
  });

  it('is not kept when it was forgotten meanwhile', async () => {
    const loading = load();
    const go = await waitFor('patient_keys');
    keys.forget(tenantId, patientId);
    rows.patient_keys = [];
    go();
    expect(await letAllGo(loading)).toMatchObject({ value: new Map([[patientId, expect.anything()]]) });
    expect(await letAllGo(load())).toMatchObject({ value: new Map() });
  });

  it('is kept for a minute from when it was asked for, however long the answer took', async () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(1_000_000);
    const loading = load();
    const go = await waitFor('patient_keys');
    now.mockReturnValue(1_050_000);
    rows.patient_keys = [];
    go();
    expect(await letAllGo(loading)).toMatchObject({ value: new Map([[patientId, expect.anything()]]) });
    now.mockReturnValue(1_059_999);
    expect((await load()).has(patientId)).toBe(true);
    now.mockReturnValue(1_060_000);
    expect(await letAllGo(load())).toMatchObject({ value: new Map() });
  });
});

describe('the pseudonym of a patient', () => {
  it('is not known any more when the vault had answered with it before it was forgotten', async () => {
    const asked = keys.pseudonyms(tenantId, [patientId]);
    const go = await waitFor('audit_pseudonyms');
    rows.audit_pseudonyms = [];
    keys.forget(tenantId, patientId);
    go();
    await asked;
    expect(await letAllGo(keys.pseudonyms(tenantId, [patientId]))).toMatchObject({ value: new Map() });
  });
});

describe('the current key of a tenant', () => {
  it('is not the earlier one when the vault had named that before it was replaced here', async () => {
    const asked = tenantKeys.current(tenantId, 'data');
    const go = await waitFor('tenant_keys');
    const [before] = rows.tenant_keys;
    const id = randomUUID();
    const { wrapped } = await root.wrap(generateDataKey(), tenantKeyContext(tenantId, 'data', id));
    rows.tenant_keys = [{ ...before, id, wrapped }];
    tenantKeys.forgetAll();
    go();
    await asked;
    expect(await letAllGo(tenantKeys.current(tenantId, 'data'))).toMatchObject({ value: { id } });
  });
});
