import type { FileKey } from './ids.ts';

/** What can be referred to. `permissions` are data classes and capabilities, which share one namespace. */
export type Collection = 'dataClasses' | 'retentionPolicies' | 'roles' | 'permissions' | 'purposes';

interface Place {
  readonly file: FileKey;
  readonly pattern: string;
}

/** Where the ids of each collection are declared. */
export const DECLARATIONS: Record<Collection, readonly Place[]> = {
  dataClasses: [{ file: 'dataClasses', pattern: 'dataClasses[].id' }],
  retentionPolicies: [{ file: 'retentionAndAccess', pattern: 'retentionPolicies[].id' }],
  roles: [{ file: 'retentionAndAccess', pattern: 'roles[].id' }],
  permissions: [
    { file: 'dataClasses', pattern: 'dataClasses[].id' },
    { file: 'retentionAndAccess', pattern: 'capabilities[].id' },
  ],
  purposes: [{ file: 'aiGateway', pattern: 'purposes[].id' }],
};

/** Ids that must be unique although nothing refers to them by a collection above. */
export const UNIQUE: readonly Place[] = [
  { file: 'retentionAndAccess', pattern: 'roles[].aliases[]' },
  { file: 'retentionAndAccess', pattern: 'accessRules.writeActions[].dataClassId' },
  { file: 'retentionAndAccess', pattern: 'accessRules.recordFields[].dataClassId' },
  { file: 'retentionAndAccess', pattern: 'accessRules.fieldViews[].id' },
  { file: 'aiGateway', pattern: 'providers[].id' },
  { file: 'aiGateway', pattern: 'redaction.patternRules[].id' },
];

/** Every place that refers to an id. */
export const REFERENCES: readonly (Place & { readonly to: Collection })[] = [
  { file: 'dataClasses', pattern: 'dataClasses[].retentionPolicyId', to: 'retentionPolicies' },
  { file: 'retentionAndAccess', pattern: 'roles[].permissions.read[]', to: 'permissions' },
  { file: 'retentionAndAccess', pattern: 'roles[].permissions.write[]', to: 'permissions' },
  { file: 'retentionAndAccess', pattern: 'roles[].permissions.restricted[]', to: 'permissions' },
  { file: 'retentionAndAccess', pattern: 'roles[].ciphertextBeforeClinicSwitch[]', to: 'dataClasses' },
  { file: 'retentionAndAccess', pattern: 'capabilities[].dataClassId', to: 'dataClasses' },
  { file: 'retentionAndAccess', pattern: 'accessRules.writeActions[].dataClassId', to: 'dataClasses' },
  { file: 'retentionAndAccess', pattern: 'accessRules.recordFields[].dataClassId', to: 'dataClasses' },
  { file: 'retentionAndAccess', pattern: 'accessRules.fieldViews[].dataClassId', to: 'dataClasses' },
  { file: 'retentionAndAccess', pattern: 'accessRules.fieldViews[].roles[]', to: 'roles' },
  { file: 'retentionAndAccess', pattern: 'accessRules.breakGlass.roles[]', to: 'roles' },
  { file: 'retentionAndAccess', pattern: 'accessRules.recordRestriction.permitted[].roles[]', to: 'roles' },
  { file: 'aiGateway', pattern: 'providers[].allowedPurposes[]', to: 'purposes' },
  { file: 'aiGateway', pattern: 'purposes[].allowedDataClasses[]', to: 'dataClasses' },
  { file: 'aiGateway', pattern: 'purposes[].retentionPolicyId', to: 'retentionPolicies' },
  { file: 'aiGateway', pattern: 'purposes[].roles[]', to: 'roles' },
];
