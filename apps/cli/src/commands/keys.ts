import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { requireFolder } from '../require-folder.ts';
import { runJob } from '../run-job.ts';
import { uuidForm } from '../uuid-form.ts';

const usage = `cordon keys rotate root
cordon keys rotate tenant TENANT
cordon keys rotate search TENANT
cordon keys rotate patient TENANT PATIENT
cordon keys destroy TENANT PATIENT [--output FILE]
cordon keys proof TENANT PATIENT [--output FILE]
cordon keys replay

  rotate root     wraps every tenant's keys anew: under a new key file, or under what AWS KMS or Vault wraps with now
  rotate tenant   gives a tenant a new key, and wraps its patients' keys anew under it; no data is touched
  rotate search   gives a tenant a new key for blind search tokens and makes the tokens anew; patients are found
                  meanwhile. Run it again after five minutes to end it
  rotate patient  gives a patient a new key and writes every cell anew; run it again after five minutes to end it
  destroy         destroys a patient's keys: record, pictures and backups become unreadable, search tokens are deleted.
                  Prints the proof. There is no way back
  proof           counts anew what is left of a patient whose keys were destroyed
  replay          destroys again what a restored vault brought back, by the tombstones in the audit log

TENANT and PATIENT are ids. Everything runs while Cordon serves; what was interrupted is taken up by running it again.`;

/** What the words ask the engine for. @throws CliError `arguments-invalid`. */
export function readKeysRequest(words: readonly string[]): Record<string, string> {
  const [verb, first, ...rest] = words;
  const refuse = new CliError('arguments-invalid', usage);
  const ids = verb === 'rotate' ? rest : [first, ...rest].filter((word) => word !== undefined);
  if (!ids.every((id) => uuidForm.test(id))) throw refuse;
  const [tenantId, patientId, more] = ids;
  if (more !== undefined) throw refuse;
  if (verb === 'replay' && ids.length === 0) return { verb };
  if (verb === 'rotate' && first === 'root' && ids.length === 0) return { verb: 'rotate-root' };
  if (tenantId === undefined) throw refuse;
  if (verb === 'rotate' && (first === 'tenant' || first === 'search') && patientId === undefined)
    return { verb: `rotate-${first}`, tenantId };
  if (patientId === undefined) throw refuse;
  if (verb === 'rotate' && first === 'patient') return { verb: 'rotate-patient', tenantId, patientId };
  if (verb === 'destroy' || verb === 'proof') return { verb, tenantId, patientId };
  throw refuse;
}

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { output: { type: 'string' } },
  });
  const asked = readKeysRequest(positionals);
  // A destroyed key cannot be destroyed again for the sake of its proof.
  await requireFolder(values.output);
  const answer = await runJob('keys-job', asked);
  const text = `${JSON.stringify(answer, undefined, 2)}\n`;
  if (values.output === undefined) process.stdout.write(text);
  else await writeFile(values.output, text, { mode: 0o600 });
  // A rotation that waits for its grace period is no failure; a proof that does not hold is one.
  return answer['holds'] === false ? 1 : 0;
}

export const command: Command = { run, usage };
