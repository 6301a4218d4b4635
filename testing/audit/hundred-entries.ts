import { entrySession } from '@cordon/audit-log/postgres';
import type { AuditSettings } from '../../apps/cli/src/audit/settings.ts';
import { openAuditStore, type TestAuditStore } from './audit-store.ts';

/** A store with a log of one hundred entries in two checkpoints, published, and what its verifier knows. */
export interface HundredEntries {
  readonly store: TestAuditStore;
  /** Of the entries, in the order of their leaves. */
  readonly ids: readonly string[];
  readonly settings: AuditSettings;
}

export async function openHundredEntries(): Promise<HundredEntries> {
  const store = await openAuditStore();
  await store.append(40);
  await store.sequenceAll();
  await store.append(60);
  await store.sequenceAll();
  const rows = await store.query<{ entry_id: string }>(
    'SELECT entry_id FROM audit.audit_leaves ORDER BY leaf_index',
  );
  const { verifierKey } = store.key;
  return {
    store,
    ids: rows.map((row) => row.entry_id),
    settings: {
      database: () => ({ ...store.stores.connection('audit', 'audit_verifier'), options: entrySession }),
      logFolder: store.folder,
      trust: { origin: verifierKey.name, logKeys: [verifierKey] },
    },
  };
}
