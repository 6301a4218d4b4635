import { z } from 'zod';
import { REGION_IDS } from '../ids.ts';
import {
  dataClassId,
  description,
  lawfulBasis,
  listOf,
  nonEmptyListOf,
  providerId,
  purposeId,
  retentionPolicyId,
  roleId,
  schemaReference,
} from './common.ts';

const reference = z.string().min(1).max(200);

const provider = z.strictObject({
  id: providerId,
  description,
  kind: z
    .enum(['embedded', 'local', 'remote'])
    .describe('In this process, on a private network of the operator, or anywhere else.'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe('https, unless the provider is embedded or local.'),
  region: z.enum(REGION_IDS),
  api: z
    .enum(['openai', 'azure', 'anthropic'])
    .optional()
    .describe(
      'Whose protocol it speaks; "openai" also for vLLM, llama.cpp and Ollama, and where nothing is said.',
    ),
  apiVersion: z
    .string()
    .max(40)
    .regex(/^[0-9A-Za-z.-]+$/)
    .optional()
    .describe('Of Azure (api-version) and Anthropic (anthropic-version).'),
  pricePerMillionTokens: z
    .strictObject({ input: z.number().min(0).max(10_000), output: z.number().min(0).max(10_000) })
    .optional()
    .describe('In the currency of the limits; without it a call costs nothing.'),
  model: z.string().min(1).max(200),
  allowedPurposes: listOf(purposeId),
  credentialReference: reference.optional().describe('Name of the secret; never the secret.'),
  processingAgreementReference: reference.optional().describe('The signed agreement in the vendor register.'),
});

const limit = z.strictObject({
  calls: z.int().min(0).max(10_000_000).optional(),
  tokens: z.int().min(0).max(10_000_000_000).optional(),
  cost: z.number().min(0).max(10_000_000).optional(),
});

const purpose = z.strictObject({
  id: purposeId,
  description,
  allowedDataClasses: nonEmptyListOf(dataClassId),
  whitelistedFields: nonEmptyListOf(
    z
      .string()
      .max(200)
      .regex(/^[a-z][A-Za-z0-9]*\.[A-Za-z0-9.[\]]+$/)
      .describe('Path of a field; [] stands for each item of a list.'),
  ),
  systemText: z
    .string()
    .min(1)
    .max(4000)
    .describe('What the model is told before anything else; callers bring no system text of their own.'),
  maxCharacters: z.int().min(1).max(1_000_000),
  storeSanitisedTranscript: z.boolean(),
  retentionPolicyId,
  lawfulBasis,
  roles: listOf(roleId).describe('Who may use the purpose.'),
});

export const aiGatewaySchema = z
  .strictObject({
    $schema: schemaReference,
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    defaultRegion: z.enum(REGION_IDS),
    providers: listOf(provider),
    purposes: listOf(purpose),
    limits: z
      .strictObject({ perTenant: limit.optional(), perPurpose: limit.optional() })
      .optional()
      .describe(
        'Of one day (UTC), for each tenant, and for each purpose of a tenant; what is left out has a default.',
      ),
    redaction: z.strictObject({
      fieldBlacklist: listOf(
        z.enum([
          'directIdentifier',
          'contactDetails',
          'locationDetails',
          'billingDetails',
          'authCredentials',
        ]),
      ),
      patternRules: listOf(
        z.strictObject({
          id: z
            .string()
            .max(100)
            .regex(/^pattern\.[a-z][A-Za-z0-9]*$/),
          description,
          match: z.string().min(1).max(1000).describe('RE2 syntax; (?i) is accepted.'),
          replacement: z.string().max(200),
        }),
      ),
    }),
    audit: z.strictObject({
      logAllCalls: z.literal(true).describe('A call without an audit entry does not exist.'),
      logFields: nonEmptyListOf(
        z.enum([
          'timestamp',
          'tenantId',
          'clinicId',
          'initiatorType',
          'purposeId',
          'dataClassIds',
          'anonymisedSessionId',
          'providerId',
          'status',
        ]),
      ),
    }),
  })
  .meta({ title: 'AI gateway: providers, purposes, redaction and audit' });

export type AiGatewayFile = z.infer<typeof aiGatewaySchema>;
export type AiProvider = AiGatewayFile['providers'][number];
export type AiPurpose = AiGatewayFile['purposes'][number];
