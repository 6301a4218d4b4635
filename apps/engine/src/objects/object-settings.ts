import type { DataClassId, Policy } from '@cordon/access-policy';
import { readSettings, ServiceError, url, type Environment } from '@cordon/service';
import { isLoopbackHost } from '@cordon/web-guard';
import { z } from 'zod';
import { EngineError } from '../error.ts';
import { createFileObjectStore } from './file-object-store.ts';
import type { ObjectStore } from './object-store.ts';
import { createS3ObjectStore, type S3Options } from './s3-object-store.ts';

/** Where objects lie: a folder of this machine, or a bucket and the region that it is in. */
export type ObjectSettings =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 's3'; readonly s3: S3Options; readonly storageLocation: string };

const folderSchema = z.object({ CORDON_OBJECTS_DIR: z.string().min(1) });
const bucketSchema = z.object({
  CORDON_OBJECTS_S3_URL: url,
  CORDON_OBJECTS_S3_REGION: z.string().regex(/^[a-z0-9-]{2,40}$/),
  CORDON_OBJECTS_S3_CREDENTIALS_FILE: z.string().min(1),
  /** Held against the data classes that objects are of. */
  CORDON_REGION_OBJECTS: z.enum(['region.uk', 'region.eu']),
});

/** @throws ServiceError `settings-invalid`, naming everything that is missing or wrong. */
export function readObjectSettings(environment: Environment): ObjectSettings {
  if (environment['CORDON_OBJECTS_S3_URL'] === undefined)
    return { kind: 'folder', folder: readSettings(folderSchema, environment).CORDON_OBJECTS_DIR };
  const read = readSettings(bucketSchema, environment);
  const bucketUrl = new URL(read.CORDON_OBJECTS_S3_URL);
  const refuse = (reason: string) =>
    new ServiceError(
      'settings-invalid',
      `The settings are not complete. CORDON_OBJECTS_S3_URL: ${reason}.`,
    );
  if (bucketUrl.protocol !== 'https:' && !isLoopbackHost(bucketUrl.hostname))
    throw refuse('beyond this machine it must be an https address');
  if (bucketUrl.username !== '' || bucketUrl.search !== '' || !/^\/[a-z0-9.-]{3,63}\/?$/.test(bucketUrl.pathname))
    throw refuse('it must look like https://objects.example/bucket');
  return {
    kind: 's3',
    s3: {
      bucketUrl,
      region: read.CORDON_OBJECTS_S3_REGION,
      credentialsFile: read.CORDON_OBJECTS_S3_CREDENTIALS_FILE,
    },
    storageLocation: read.CORDON_REGION_OBJECTS,
  };
} // prettier-ignore

/** The data classes of stored objects, whose regions their store must be in. */
const storedClasses: readonly DataClassId[] = ['intakeForm', 'imagingAsset'];

/**
 * @param policy says where each data class is kept
 * @throws EngineError `region-mismatch` for a bucket elsewhere; the engine does not start.
 */
export function openObjectStore(settings: ObjectSettings, policy: Policy): ObjectStore {
  if (settings.kind === 's3')
    for (const each of policy.files.dataClasses.dataClasses)
      if (storedClasses.some((id) => id === each.id) && each.storageLocation !== settings.storageLocation)
        throw new EngineError('region-mismatch', {
          detail: `the object store (${settings.storageLocation}) would hold ${each.id}, kept in ${each.storageLocation}`,
        });
  return settings.kind === 's3' ? createS3ObjectStore(settings.s3) : createFileObjectStore(settings.folder);
}
