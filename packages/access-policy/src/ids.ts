/** The roles that people sign in with, for exhaustive code. A deployment's file must declare each of them. */
export const ROLE_IDS = [
  'role.clinician',
  'role.receptionist',
  'role.patient',
  'role.admin',
  'role.externalContractor',
  'role.corporateAdmin',
  'role.auditor',
] as const;
export type SignedInRoleId = (typeof ROLE_IDS)[number];
/** A visitor of the public site, whom nobody knows. Declared as well; no account and no sign-in has it. */
export const PUBLIC_ROLE_ID = 'role.public';
export type RoleId = SignedInRoleId | typeof PUBLIC_ROLE_ID;

/** The data classes of the shipped files. A deployment's file must declare each of them. */
export const DATA_CLASS_IDS = [
  'marketingLead',
  'websiteAnalyticsEvent',
  'portalAccount',
  'appointmentBooking',
  'treatmentPlan',
  'clinicalRecord',
  'imagingAsset',
  'chatTranscriptPHI',
  'chatTranscriptNonPHI',
  'billingRecord',
  'auditLogEntry',
  'systemMetric',
  'patientProfile',
  'intakeForm',
  'urgencyAlert',
  'consentRecord',
  'accessReport',
] as const;
export type DataClassId = (typeof DATA_CLASS_IDS)[number];

/** What a `read` permission covers. */
export const READ_ACTIONS = ['list', 'read', 'export'] as const;
/** What a `write` permission covers, as far as `accessRules.writeActions` names the action for the data class. */
export const WRITE_ACTIONS = ['create', 'update', 'amend', 'delete'] as const;
/** What only a capability grants. */
export const CAPABILITY_ACTIONS = ['acknowledge', 'break-glass', 'switch-clinic'] as const;
/** What only a purpose of the AI gateway grants: handing data of a class to a model. */
export const AI_ACTION = 'use-in-ai';

export const ACTIONS = [...READ_ACTIONS, ...WRITE_ACTIONS, ...CAPABILITY_ACTIONS, AI_ACTION] as const;
export type Action = (typeof ACTIONS)[number];

/** Where data may be kept; a store declares its region in the same words. */
export const REGION_IDS = ['region.uk', 'region.eu'] as const;
export type RegionId = (typeof REGION_IDS)[number];

/** The three files, by the name a problem is reported under. */
export const FILE_NAMES = {
  dataClasses: 'champagne-data-classes.json',
  retentionAndAccess: 'champagne-retention-and-access.json',
  aiGateway: 'champagne-ai-gateway-config.json',
} as const;
export type FileKey = keyof typeof FILE_NAMES;
export type FileName = (typeof FILE_NAMES)[FileKey];
export const FILE_KEYS = [
  'dataClasses',
  'retentionAndAccess',
  'aiGateway',
] as const satisfies readonly FileKey[];
