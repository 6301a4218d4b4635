import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkEntryProof, isForgery } from '@cordon/audit-log';
import pg from 'pg';
import { folderNotes, storeNotes } from '../audit/collect-checkpoints.ts';
import { writeExport } from '../audit/export-file.ts';
import { holdUsage, readHoldRequest } from '../audit/hold-request.ts';
import { proveEntry } from '../audit/prove.ts';
import { readAuditSettings, type AuditSettings } from '../audit/settings.ts';
import { leafSession } from '../audit/read-leaves.ts';
import { openStoreSource } from '../audit/store-source.ts';
import { verifyExport, verifyStore, type AuditReport } from '../audit/verify.ts';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { runJob } from '../run-job.ts';

const usage = `cordon audit verify [--from CHECKPOINT]... [--key FILE] [--log FOLDER] [--witness KEY]...
cordon audit verify EXPORT [--from CHECKPOINT]... [--key FILE] [--witness KEY]...
cordon audit export FILE --tenant ID | --whole-log
cordon audit prove ENTRY [FILE]
cordon audit check FILE [--key FILE] [--witness KEY]...

  verify  checks rows, leaves, tree, checkpoints and signatures against each other, and names the first entry that
          was changed, removed, inserted, reordered, renumbered, re-hashed, rolled back or forked, and intents without
          an outcome. With an export it needs the public key alone, on any machine.
  export  writes what concerns one tenant to a file, with the bare leaves of the others, so that it verifies all the same;
          or, said in so many words, the whole log (every tenant's entries, every salt: keep it as you keep the store)
  prove   writes a proof that the entry is in the log (default ENTRY.tlog-proof)
  check   verifies such a proof offline

  --from CHECKPOINT  a checkpoint that was kept elsewhere; the log must still contain it. May be given more than once
  --key FILE         the log's public key, default .cordon/secrets/log-verifier.key
  --log FOLDER       the published log that the store is compared with, default .cordon/log
  --witness KEY      a file with the public key of a witness; its cosignature is then asked for. May be given more than once

${holdUsage}`;

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      from: { type: 'string', multiple: true },
      key: { type: 'string' },
      log: { type: 'string' },
      witness: { type: 'string', multiple: true },
      tenant: { type: 'string' },
      'whole-log': { type: 'boolean' },
      since: { type: 'string' },
      until: { type: 'string' },
      reason: { type: 'string' },
    },
  });
  const [verb, subject, file] = positionals;
  if (verb === 'hold') {
    const answer = await runJob('holds-job', await readHoldRequest(positionals.slice(1), values));
    console.log(JSON.stringify(answer, undefined, 2));
    return 0;
  }
  // The published log goes on where an export ends: compared with it, every export would seem cut.
  if (verb === 'verify' && subject !== undefined && values.log !== undefined)
    throw new CliError(
      'arguments-invalid',
      'An export has its checkpoints in it: leave out --log, or name further ones with --from.',
    );
  const exported = verb === 'export' ? readExportReach(values.tenant, values['whole-log']) : undefined;
  const settings = await readAuditSettings({
    keyFile: values.key,
    logFolder: values.log,
    witnessFiles: values.witness,
  });
  if (verb === 'verify')
    return tell(
      subject === undefined
        ? await verifyStore(settings, values.from)
        : await verifyExport(subject, settings, values.from),
    );
  if (verb === 'export' && subject !== undefined) return exportLog(settings, subject, exported);
  if (verb === 'prove' && subject !== undefined) {
    const target = file ?? `${subject}.tlog-proof`;
    await writeFile(target, await proveEntry(settings, subject), { mode: 0o600 });
    console.log(`cordon: ${target} proves the entry; check it with: cordon audit check ${target}`);
    return 0;
  }
  if (verb === 'check' && subject !== undefined) {
    const { entry, index, size, origin } = checkEntryProof(await readFile(subject), subject, settings.trust);
    console.log(JSON.stringify(entry, undefined, 2));
    console.log(`cordon: This entry is number ${index} of ${size} in the log ${origin}.`);
    return 0;
  }
  throw new CliError('arguments-invalid', usage);
}

/** The tenant that is named; undefined for all of them, which nobody gets by leaving a word out. */
function readExportReach(tenant: string | undefined, wholeLog = false): string | undefined {
  if (wholeLog === (tenant !== undefined))
    throw new CliError(
      'arguments-invalid',
      'Name the tenant with --tenant ID, or say --whole-log: one of the two.',
    );
  const tenantId = tenant?.toLowerCase();
  if (tenantId !== undefined && !/^[0-9a-f-]{36}$/.test(tenantId))
    throw new CliError('arguments-invalid', '--tenant takes the id of a tenant, a UUID.');
  return tenantId;
}

async function exportLog(
  settings: AuditSettings,
  file: string,
  tenantId: string | undefined,
): Promise<number> {
  const client = new pg.Client({ ...settings.database(), options: leafSession });
  await client.connect();
  try {
    const published = settings.logFolder === undefined ? [] : await folderNotes(settings.logFolder);
    const notes = [...published, ...(await storeNotes(client))].map(({ note }) => note);
    const count = await writeExport(file, await openStoreSource(client), notes, tenantId);
    console.log(
      tenantId === undefined
        ? `cordon: ${file} holds ${count} entries; it opens every one of them to its reader.`
        : `cordon: ${file} holds ${count} leaves, and opens the entries of one tenant to its reader.`,
    );
    return 0;
  } finally {
    await client.end();
  }
}

function tell({ entries, expired, withheld, checkpoints, findings, witnessed }: AuditReport): number {
  for (const { kind, index, entryId, detail } of findings)
    console.log(
      `${kind}${index === null ? '' : ` at ${index}`}${entryId === null ? '' : `, entry ${entryId}`}: ${detail}`,
    );
  if (expired > 0)
    console.log(`cordon: ${expired} entries have expired; their leaves are still in the tree.`);
  if (withheld > 0)
    console.log(`cordon: ${withheld} entries of others are withheld; their leaves are in the tree.`);
  for (const { name, size } of witnessed)
    if (size > 0) console.log(`cordon: ${name} vouches for the first ${size} entries.`);
  const forged = findings.filter(isForgery).length;
  console.log(
    findings.length === 0
      ? `cordon: ${entries} entries verified against ${checkpoints} checkpoints; nothing is wrong.`
      : `cordon: ${entries} entries, ${checkpoints} checkpoints, ${forged} signs of tampering, ${findings.length - forged} other findings.`,
  );
  return findings.length === 0 ? 0 : 1;
}

export const command: Command = { run, usage };
