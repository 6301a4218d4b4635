import { parseArgs } from 'node:util';
import { DATA_CLASS_IDS } from '@cordon/access-policy';
import { auditEncryption, type EncryptionAudit, type EncryptionAuditOptions } from '@cordon/field-encryption';
import { proveAtRest } from '@cordon/stores/at-rest';
import pg from 'pg';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { checkoutRoot } from '../up/layout.ts';
import { withOwnStores } from '../encryption/with-own-stores.ts';

const usage = `cordon encryption audit [--columns] [--format text|json]
cordon encryption at-rest PATH

Reads the catalogs of the five stores: those that run here or are named by CORDON_<STORE>_URL, else a server that is made
for it. Fails on a column without data class and sensitivity, on PHI that is not ciphertext, on columns that sound like a
person's data, and on a default, generated column, trigger, index, view, statistics, constraint, policy or rule over
decrypted text. Reads no row.

  at-rest    whether the volume under PATH (a data folder) is encrypted: proven by the kernel, or unknown
  --columns  every column with its class, sensitivity, and whether it is encrypted`;

/** What this checkout's own stores are held to. */
export const ownStoreOptions: EncryptionAuditOptions = {
  dataClasses: new Set<string>(DATA_CLASS_IDS),
  exceptTables: ['cordon.migrations'],
  // The job queue's own schema: ids and names of tasks, which a test of its own holds it to.
  exceptSchemas: ['graphile_worker'],
  // A signed checkpoint's text (C2SP tlog-checkpoint): hashes.
  notPersonal: ['audit.dropped_months.note'],
};

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { columns: { type: 'boolean' }, format: { type: 'string', default: 'text' } },
  });
  const [verb, path] = positionals;
  if (verb === 'at-rest' && path !== undefined && positionals.length === 2) {
    const proof = await proveAtRest(path);
    console.log(`cordon: ${path}: ${proof.state}${proof.state === 'proven' ? `, by ${proof.by}` : ''}`);
    return proof.state === 'proven' ? 0 : 1;
  }
  if (positionals.join(' ') !== 'audit' || !['text', 'json'].includes(values.format))
    throw new CliError('arguments-invalid', usage);
  const audits: Record<string, EncryptionAudit> = {};
  await withOwnStores(checkoutRoot, async (definition, connection) => {
    const client = new pg.Client(connection);
    await client.connect();
    try {
      await client.query('SET default_transaction_read_only = on');
      audits[definition.store] = await auditEncryption(client, ownStoreOptions);
    } finally {
      await client.end();
    }
  });
  if (values.format === 'json') console.log(JSON.stringify(audits, undefined, 2));
  else tell(audits, values.columns ?? false);
  return Object.values(audits).some(({ findings }) => findings.length > 0) ? 1 : 0;
}

function tell(audits: Readonly<Record<string, EncryptionAudit>>, everyColumn: boolean): void {
  for (const [store, { columns, findings }] of Object.entries(audits)) {
    if (everyColumn)
      for (const { place, dataClass, sensitivity, encrypted } of columns)
        console.log(
          `${place}  ${dataClass ?? '?'}  ${sensitivity ?? '?'}  ${encrypted ? 'encrypted' : 'in the clear'}`,
        );
    for (const { kind, place } of findings) console.log(`${store}: ${kind}: ${place}`);
    const encrypted = columns.filter((column) => column.encrypted).length;
    console.log(
      `cordon: ${store}: ${columns.length} columns, ${encrypted} encrypted, ${findings.length} findings`,
    );
  }
}

export const command: Command = { run, usage };
