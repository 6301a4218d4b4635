import {
  chainKeyManagement,
  createAwsKms,
  createLocalKeyFiles,
  createVaultTransit,
  FieldEncryptionError,
  type KeyManagement,
} from '@cordon/field-encryption';
import {
  certificateFile,
  readSettings,
  secretBytes,
  secretFile,
  ServiceError,
  type Environment,
} from '@cordon/service';
import { z } from 'zod';

const kinds = ['local', 'aws-kms', 'vault-transit'] as const;
type Kind = (typeof kinds)[number];

const choice = z.object({
  CORDON_ENV: z.enum(['demo', 'production']),
  CORDON_KEY_MANAGEMENT: z.enum(kinds).default('local'),
  /** Those that wrapped keys before, separated by commas: they open what they wrapped until `cordon keys rotate root`. */
  CORDON_KEY_MANAGEMENT_EARLIER: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((word) => word !== ''))
    .pipe(z.array(z.enum(kinds))),
});

const readers: Readonly<Record<Kind, (environment: Environment) => KeyManagement>> = {
  local(environment) {
    // Read once here, so that a missing or short file stops the start and not the first patient.
    readSettings(z.object({ CORDON_ROOT_KEY_FILE: secretBytes(32) }), environment);
    return createLocalKeyFiles(environment['CORDON_ROOT_KEY_FILE'] ?? '');
  },
  'aws-kms'(environment) {
    const read = readSettings(
      z.object({
        CORDON_AWS_REGION: z.string().regex(/^[a-z0-9-]+$/),
        CORDON_AWS_KMS_KEY_ID: z.string().min(1),
        CORDON_AWS_KMS_ENDPOINT: z.string().optional(),
        CORDON_AWS_CREDENTIALS_FILE: secretFile,
        CORDON_KEY_MANAGEMENT_CA_FILE: certificateFile.optional(),
      }),
      environment,
    );
    return createAwsKms({
      region: read.CORDON_AWS_REGION,
      keyId: read.CORDON_AWS_KMS_KEY_ID,
      endpoint: read.CORDON_AWS_KMS_ENDPOINT,
      credentialsFile: environment['CORDON_AWS_CREDENTIALS_FILE'] ?? '',
      ca: read.CORDON_KEY_MANAGEMENT_CA_FILE,
    });
  },
  'vault-transit'(environment) {
    const read = readSettings(
      z.object({
        CORDON_VAULT_TRANSIT_URL: z.string().min(1),
        CORDON_VAULT_TRANSIT_KEY: z.string().min(1),
        CORDON_VAULT_TRANSIT_MOUNT: z.string().optional(),
        CORDON_VAULT_TRANSIT_NAMESPACE: z.string().optional(),
        CORDON_VAULT_TRANSIT_TOKEN_FILE: secretFile,
        CORDON_KEY_MANAGEMENT_CA_FILE: certificateFile.optional(),
      }),
      environment,
    );
    return createVaultTransit({
      address: read.CORDON_VAULT_TRANSIT_URL,
      keyName: read.CORDON_VAULT_TRANSIT_KEY,
      mount: read.CORDON_VAULT_TRANSIT_MOUNT,
      namespace: read.CORDON_VAULT_TRANSIT_NAMESPACE,
      tokenFile: environment['CORDON_VAULT_TRANSIT_TOKEN_FILE'] ?? '',
      ca: read.CORDON_KEY_MANAGEMENT_CA_FILE,
    });
  },
};

/**
 * The key management that the settings name: a local key file by default, which production refuses.
 * @throws ServiceError `settings-invalid`.
 */
export function readKeyManagement(environment: Environment): KeyManagement {
  const read = readSettings(choice, environment);
  if (read.CORDON_ENV === 'production' && read.CORDON_KEY_MANAGEMENT === 'local')
    throw new ServiceError(
      'settings-invalid',
      'The settings are not complete. CORDON_KEY_MANAGEMENT: a key file beside the data it opens is for demos; name aws-kms or vault-transit.',
    );
  try {
    return chainKeyManagement(
      readers[read.CORDON_KEY_MANAGEMENT](environment),
      read.CORDON_KEY_MANAGEMENT_EARLIER.map((kind) => readers[kind](environment)),
    );
  } catch (error) {
    if (!(error instanceof FieldEncryptionError)) throw error;
    throw new ServiceError('settings-invalid', `The settings are not complete. ${error.publicMessage}`, {
      cause: error,
    });
  }
}
