import { certificateFile, readSettings, secretFile, secureUrl, type Environment } from '@cordon/service';
import { z } from 'zod';
import type { RdsOptions } from './rds-at-rest.ts';

const schema = z.object({
  CORDON_RDS_REGION: z.string().regex(/^[a-z0-9-]+$/),
  CORDON_RDS_ENDPOINT: secureUrl.optional(),
  CORDON_RDS_CREDENTIALS_FILE: secretFile,
  CORDON_RDS_CA_FILE: certificateFile.optional(),
});

export interface AtRestSettings {
  /** The database server's data folder, where it is on this machine. Only looked at. */
  readonly folder: string | undefined;
  /** How AWS is asked about managed databases; undefined where nobody named a region. */
  readonly rds: RdsOptions | undefined;
}

/** @throws ServiceError `settings-invalid`. */
export function readAtRestSettings(environment: Environment): AtRestSettings {
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
