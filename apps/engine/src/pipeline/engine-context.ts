import type { Policy } from '@cordon/access-policy';
import type { Logger } from '@cordon/service';
import type { AuditAppender } from '../audit/appender.ts';
import type { PatientKeys } from '../keys/patient-keys.ts';
import type { TenantKeys } from '../keys/tenant-keys.ts';
import type { Stores } from '../stores/stores.ts';

/** What handling a request needs. Features receive this and no pool, no key and no logger of their own. */
export interface EngineContext {
  readonly policy: () => Policy;
  readonly stores: Stores;
  readonly audit: AuditAppender;
  readonly tenantKeys: TenantKeys;
  readonly patientKeys: PatientKeys;
  readonly logger: Logger;
  /** Where the audit log is published; undefined where this engine was not told. */
  readonly logFolder: string | undefined;
  /** Tells the outcome relay that there is something to carry. */
  readonly wakeRelay: (tenantId: string) => void;
}
