import type { KeyManagement } from '@cordon/field-encryption';
import type { Logger } from '@cordon/service';
import type { AuditAppender } from '../audit/appender.ts';
import type { Stores } from '../stores/stores.ts';
import type { PatientKeys } from './patient-keys.ts';
import type { TenantKeys } from './tenant-keys.ts';

/** What rotation and destruction of keys work with. An engine's context is one, together with its key management. */
export interface KeyWork {
  readonly stores: Stores;
  readonly audit: AuditAppender;
  readonly tenantKeys: TenantKeys;
  readonly patientKeys: PatientKeys;
  readonly root: KeyManagement;
  readonly logger: Logger;
}

/** Wrapped keys that one step takes up: small enough that a killed process repeats little. */
export const keysAStep = 200;

/**
 * A key that was replaced is kept this long: other processes hold it for the life of their caches and of a request, and may
 * still seal with it.
 */
export const graceMs = 5 * 60_000;
