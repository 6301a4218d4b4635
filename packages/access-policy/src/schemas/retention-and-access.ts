import { z } from 'zod';
import { ACTIONS, CAPABILITY_ACTIONS, READ_ACTIONS, WRITE_ACTIONS } from '../ids.ts';
import { ISO_DURATION, RETENTION_DURATION } from '../durations.ts';
import {
  capabilityId,
  dataClassId,
  description,
  fieldName,
  listOf,
  nonEmptyListOf,
  permissionId,
  retentionPolicyId,
  roleId,
  schemaReference,
} from './common.ts';

/** The events that a retention period can count from. */
const RETENTION_ANCHORS = [
  'lead.lastContact',
  'event.recorded',
  'account.closed',
  'account.settled',
  'appointment.ended',
  'treatment.ended',
  'patient.lastTreatment',
  'conversation.ended',
  'alert.closed',
  'report.created',
] as const;

const retentionDuration = z
  .string()
  .regex(RETENTION_DURATION)
  .describe('ISO 8601 duration, UNTIL_ACCOUNT_CLOSURE, or a duration followed by _AFTER_CLOSURE.');

const retentionPolicy = z.strictObject({
  id: retentionPolicyId,
  description,
  maxDuration: retentionDuration,
  reviewInterval: z.string().regex(ISO_DURATION).describe('ISO 8601 duration.'),
  autoAnonymiseAfter: retentionDuration,
  allowExtensionWithDocumentedReason: z.boolean(),
  anchor: z.enum(RETENTION_ANCHORS).describe('The event the durations count from.'),
  jurisdiction: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .describe('ISO 3166-1 alpha-2 code of the country whose law sets the durations.'),
});

const role = z.strictObject({
  id: roleId,
  aliases: listOf(z.string().regex(/^[A-Z][A-Z_]{1,49}$/)).optional(),
  description,
  scope: z
    .enum(['clinic', 'own', 'tenant'])
    .describe('Which records: of the clinics the caller is a member of, their own, or all of the tenant.'),
  secondFactor: z
    .enum(['required', 'required-unless-tenant-opts-out', 'offered'])
    .describe('Whether signing in asks for a second factor.'),
  ciphertextBeforeClinicSwitch: listOf(dataClassId)
    .optional()
    .describe(
      'Where present, PHI needs a switch into the clinic of the record; rows of these classes may be listed before it, as ciphertext.',
    ),
  permissions: z.strictObject({
    read: listOf(permissionId),
    write: listOf(permissionId),
    restricted: listOf(permissionId).describe('Never, whatever else says.'),
  }),
});

const capability = z.strictObject({
  id: capabilityId,
  description,
  dataClassId,
  actions: nonEmptyListOf(z.enum([...READ_ACTIONS, ...WRITE_ACTIONS, ...CAPABILITY_ACTIONS])),
  fields: nonEmptyListOf(fieldName).optional().describe('The only fields the capability covers.'),
});

const accessRules = z.strictObject({
  writeActions: listOf(
    z.strictObject({ dataClassId, actions: nonEmptyListOf(z.enum(WRITE_ACTIONS)) }),
  ).describe('What writing a class can mean. An append-only class has no update.'),
  recordFields: listOf(z.strictObject({ dataClassId, fields: nonEmptyListOf(fieldName) })).describe(
    'All fields of a class, for those of which somebody sees a part.',
  ),
  fieldViews: listOf(
    z.strictObject({
      id: z
        .string()
        .max(100)
        .regex(/^view\.[a-z][A-Za-z0-9.]*$/),
      description,
      dataClassId,
      roles: nonEmptyListOf(roleId),
      actions: nonEmptyListOf(z.enum([...READ_ACTIONS, ...WRITE_ACTIONS])),
      fields: nonEmptyListOf(fieldName),
    }),
  ).describe('The only fields that a role sees or changes of a class.'),
  freshFactor: z.strictObject({
    description,
    actions: listOf(z.enum(ACTIONS)),
    maxAgeSeconds: z.int().min(1).max(86_400),
  }),
  breakGlass: z.strictObject({
    description,
    roles: listOf(roleId),
    actions: listOf(z.enum(READ_ACTIONS)),
    maxMinutes: z.int().min(1).max(1440),
  }),
  recordRestriction: z.strictObject({
    description,
    permitted: listOf(
      z.strictObject({ roles: nonEmptyListOf(roleId), actions: nonEmptyListOf(z.enum(ACTIONS)) }),
    ).describe('What may still be done with a record under restriction, and by whom.'),
  }),
});

export const retentionAndAccessSchema = z
  .strictObject({
    $schema: schemaReference,
    retentionPolicies: nonEmptyListOf(retentionPolicy),
    roles: nonEmptyListOf(role),
    capabilities: listOf(capability),
    accessRules,
  })
  .meta({ title: 'Retention policies, roles, capabilities and access rules' });

export type RetentionAndAccessFile = z.infer<typeof retentionAndAccessSchema>;
export type RetentionPolicy = RetentionAndAccessFile['retentionPolicies'][number];
export type Role = RetentionAndAccessFile['roles'][number];
export type Capability = RetentionAndAccessFile['capabilities'][number];
export type AccessRules = RetentionAndAccessFile['accessRules'];
