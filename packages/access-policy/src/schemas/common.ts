import { z } from 'zod';

/** Upper bounds keep a hostile or broken file from costing memory; they are far above any real one. */
export const MAX_ENTRIES = 256;

export const schemaReference = z
  .string()
  .max(300)
  .optional()
  .describe('Where the JSON Schema of this file is.');
export const description = z.string().min(1).max(1000);

const id = (pattern: RegExp, what: string) => z.string().max(80).regex(pattern).describe(what);

export const roleId = id(/^role\.[a-z][A-Za-z]{1,29}$/, 'Id of a role.');
export const dataClassId = id(/^[a-z][A-Za-z0-9]{0,59}$/, 'Id of a data class.');
export const capabilityId = id(/^[a-z][A-Za-z0-9]*$/, 'Id of a capability.');
export const permissionId = id(/^[a-z][A-Za-z0-9]*$/, 'Id of a data class or of a capability.');
export const retentionPolicyId = id(/^retention\.[a-z][A-Za-z0-9.]*$/, 'Id of a retention policy.');
export const purposeId = id(/^purpose\.[a-z][A-Za-z0-9.]*$/, 'Id of an AI purpose.');
export const providerId = id(/^provider\.[a-z][A-Za-z0-9.-]*$/, 'Id of an AI provider.');
export const fieldName = id(/^[a-z][A-Za-z0-9]*$/, 'Name of a field of the record.');

export const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(MAX_ENTRIES);
export const nonEmptyListOf = <T extends z.ZodType>(item: T) => listOf(item).min(1);

/** UK GDPR article 6(1) and, for health data, article 9(2). */
export const lawfulBasis = z.strictObject({
  article6: z.enum(['6(1)(a)', '6(1)(b)', '6(1)(c)', '6(1)(d)', '6(1)(e)', '6(1)(f)']),
  article9: z
    .enum([
      '9(2)(a)',
      '9(2)(b)',
      '9(2)(c)',
      '9(2)(d)',
      '9(2)(e)',
      '9(2)(f)',
      '9(2)(g)',
      '9(2)(h)',
      '9(2)(i)',
      '9(2)(j)',
    ])
    .optional()
    .describe('Required for a class that contains PHI.'),
  reason: description,
});
