import { fail, judgeFaults, pass, seen, unknown, type Answer } from '@cordon/control-gate';
import type { Asked } from '../asked.ts';

/** Whether the volume under the data is encrypted, by the kernel's own word. */
export async function encryptedAtRest(asked: Asked, signal: AbortSignal): Promise<Answer> {
  const folder = await asked.dataFolder();
  if (folder === undefined) return unknown('No data lies here to be looked at.', [], 'npm start');
  const { code, stdout } = await asked.run('npx', ['cordon', 'encryption', 'at-rest', folder], signal);
  const evidence = [seen('the volume under the data', folder, stdout.trim())];
  return code === 0
    ? pass('The volume is encrypted.', evidence)
    : unknown(
        'Nobody can say from here that the volume is encrypted.',
        evidence,
        'put the data folder on a LUKS volume, or ask the cloud provider’s API and enter its answer',
      );
}

/** The root key: a file beside the data is for development, and no place for patients' keys. */
export async function rootKeyKept(asked: Asked): Promise<Answer> {
  const { kind, of } = await asked.rootKey();
  const evidence = [seen('where the root key lies', of, kind)];
  if (kind === 'none') return unknown('No root key is configured here.', evidence, 'npm start');
  if (kind !== 'file') return pass(`The root key lies in ${kind}.`, evidence);
  return asked.to === 'production'
    ? fail(
        'The root key is a file beside the data, which production does not take.',
        evidence,
        'name a key management in the engine’s settings (CORDON_KEY_MANAGEMENT, see docs/encryption.md)',
      )
    : pass('The root key is a file, which is enough without real patients.', evidence);
}

/** Secret files are their owner's alone. */
export async function secretFilesArePrivate(asked: Asked): Promise<Answer> {
  const files = await asked.secretFiles();
  if (files.length === 0) return unknown('There are no secrets here to be looked at.', [], 'npm start');
  const faults = files
    .filter(({ mode }) => (mode & 0o077) !== 0)
    .map(({ path }) => `${path} can be read by others`);
  return judgeFaults(faults, `${files.length} files are their owner's alone.`, [
    seen('modes of the secret files', '.cordon/secrets', `${files.length} files`),
  ]);
}

/** Processes hold their own credentials and nobody else's: what their environments name. */
export async function processesHoldTheirOwn(asked: Asked): Promise<Answer> {
  const processes = await asked.processes();
  if (processes.length === 0) return unknown('No process runs here to be asked.', [], 'npm start');
  const engineOnly =
    /^CORDON_(DB_ENGINE_|ROOT_KEY|SEAL_KEY|KEY_MANAGEMENT|AI_)|(API_KEY|_SECRET_ACCESS_KEY)$/;
  const faults = processes
    .filter(({ name }) => name !== 'engine')
    .flatMap(({ name, variables }) =>
      variables
        .filter((variable) => engineOnly.test(variable))
        .map((variable) => `${name} is given ${variable}`),
    );
  const said = processes
    .map(
      ({ name, variables }) =>
        `${name}: ${variables.filter((each) => /^CORDON_DB_.*_URL$/.test(each)).join(' ')}`,
    )
    .join('; ');
  return judgeFaults(
    faults,
    'The engine alone holds what opens the clinical store, the vault and providers.',
    [seen('names of the variables of each process', '/proc', said)],
  );
}

/** Whether anybody outside keeps the log's checkpoints: witnesses and copies that the sequencer is told of. */
export async function checkpointsLieOutside(asked: Asked): Promise<Answer> {
  const sequencer = (await asked.processes()).find(({ name }) => name === 'sequencer');
  if (sequencer === undefined) return unknown('No sequencer runs here to be asked.', [], 'npm start');
  const told = sequencer.variables.filter((name) =>
    ['CORDON_LOG_WITNESSES_FILE', 'CORDON_LOG_BUCKETS_FILE', 'CORDON_LOG_COPY_DIRS'].includes(name),
  );
  const evidence = [
    seen(
      'where the sequencer is told to send checkpoints',
      'its environment',
      told.length === 0 ? 'nowhere' : told,
    ),
  ];
  return told.includes('CORDON_LOG_WITNESSES_FILE')
    ? pass('A witness cosigns the checkpoints.', evidence)
    : fail('No witness outside keeps the checkpoints.', evidence);
}
