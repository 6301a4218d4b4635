import { z } from 'zod';
import { certificateFile, readSettings, secretFile, secureUrl, type Environment } from './settings.ts';

const schema = z.object({
  CORDON_RDS_REGION: z.string().regex(/^[a-z0-9-]+$/),
  CORDON_RDS_ENDPOINT: secureUrl.optional(),
  CORDON_RDS_CREDENTIALS_FILE: secretFile,
  CORDON_RDS_CA_FILE: certificateFile.optional(),
});

/** How a process finds out whether its databases lie encrypted; in the words of `@cordon/stores/at-rest`. */
export interface AtRestOptions {
  readonly folder: string | undefined;
  readonly rds:
    | {
        readonly region: string;
        readonly endpoint: string | undefined;
        readonly credentialsFile: string;
        readonly ca: string | undefined;
      }
    | undefined;
}

/** @throws ServiceError `settings-invalid`. */
export function readAtRestSettings(environment: Environment): AtRestOptions {
  const folder = environment['CORDON_DATABASE_DIR'];
  const named = Object.keys(schema.shape).some((name) => environment[name] !== undefined);
  if (!named) return { folder, rds: undefined };
  const read = readSettings(schema, environment);
  return {
    folder,
    rds: {
      region: read.CORDON_RDS_REGION,
      endpoint: read.CORDON_RDS_ENDPOINT,
      credentialsFile: environment['CORDON_RDS_CREDENTIALS_FILE'] ?? '',
      ca: read.CORDON_RDS_CA_FILE,
    },
  };
}
