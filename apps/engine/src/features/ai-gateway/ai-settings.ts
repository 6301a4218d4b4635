import { certificateFile, readSettings, type Environment } from '@cordon/service';
import { z } from 'zod';
import { shippedRegister } from '../../agreements/index.ts';
import { limitsOf, type ProviderSettings } from './providers/index.ts';

const schema = z.object({
  CORDON_ENV: z.enum(['demo', 'production']),
  CORDON_AI_KEYS_DIR: z.string().min(1).optional(),
  CORDON_AI_CA_FILE: certificateFile.optional(),
  CORDON_AI_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(300).optional(),
  CORDON_AGREEMENTS_FILE: z.string().min(1).default(shippedRegister),
});

/** Keys of model providers are files in one folder, and no other process is told of it. @throws ServiceError `settings-invalid` */
export function readAiSettings(environment: Environment): ProviderSettings {
  const read = readSettings(schema, environment);
  return {
    production: read.CORDON_ENV === 'production',
    keysFolder: read.CORDON_AI_KEYS_DIR,
    agreements: read.CORDON_AGREEMENTS_FILE,
    authority: read.CORDON_AI_CA_FILE,
    ...(read.CORDON_AI_TIMEOUT_SECONDS !== undefined && { limits: limitsOf(read.CORDON_AI_TIMEOUT_SECONDS) }),
  };
}
