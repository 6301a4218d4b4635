import { z } from 'zod';

/**
 * The part of SARIF that our reports use, with the specification's own rules and no property that it does not define.
 * Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01, OASIS, 28 August 2023: sections are named.
 * Written from the text; the published schema file is not part of this repository.
 */
const text = z.string().min(1);
/** 3.11: text or id. */
const message = z
  .strictObject({ text: text.optional(), id: text.optional() })
  .refine(({ text: own, id }) => own !== undefined || id !== undefined, 'a message has text or id');
/** 3.33, with the kinds that 3.33.7 lists and other words allowed. */
const logicalLocation = z.strictObject({
  name: text.optional(),
  fullyQualifiedName: text.optional(),
  kind: text.optional(),
  index: z.int().min(-1).optional(),
});
/** 3.29 and 3.4. */
const physicalLocation = z.strictObject({
  artifactLocation: z.strictObject({ uri: text.optional(), uriBaseId: text.optional() }).optional(),
  region: z.strictObject({ startLine: z.int().min(1), endLine: z.int().min(1).optional() }).optional(),
});
const location = z.strictObject({
  logicalLocations: z.array(logicalLocation).optional(),
  physicalLocation: physicalLocation.optional(),
  message: message.optional(),
});
/** 3.35. */
const suppression = z.strictObject({
  kind: z.enum(['inSource', 'external']),
  status: z.enum(['accepted', 'underReview', 'rejected']).optional(),
  justification: z.string().optional(),
});
/** 3.27; 3.27.10: the levels. 3.27.17: a fingerprint's name ends in a version, its value is a text. */
const result = z.strictObject({
  ruleId: text,
  ruleIndex: z.int().min(-1),
  kind: z.enum(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']).optional(),
  level: z.enum(['none', 'note', 'warning', 'error']),
  message,
  locations: z.array(location),
  partialFingerprints: z.record(z.string().regex(/\/v\d+$/), text).optional(),
  suppressions: z.array(suppression).optional(),
});
/** 3.49: a rule has an id, unique in its driver. */
const rule = z.strictObject({
  id: text,
  name: text.optional(),
  shortDescription: z.strictObject({ text }).optional(),
  fullDescription: z.strictObject({ text }).optional(),
  helpUri: z.url().optional(),
  help: z.strictObject({ text }).optional(),
});
/** 3.19. */
const driver = z.strictObject({
  name: text,
  version: text.optional(),
  informationUri: z.url().optional(),
  rules: z
    .array(rule)
    .refine((rules) => new Set(rules.map((each) => each.id)).size === rules.length, 'a rule stands twice'),
});
/** 3.20: executionSuccessful is asked for, times are in UTC. */
const invocation = z.strictObject({
  executionSuccessful: z.boolean(),
  startTimeUtc: z.iso.datetime().optional(),
  endTimeUtc: z.iso.datetime().optional(),
});
/** 3.14. 3.27.6: ruleIndex, where it is not -1, names the rule whose id ruleId is. */
const run = z
  .strictObject({
    tool: z.strictObject({ driver }),
    invocations: z.array(invocation).optional(),
    results: z.array(result),
  })
  .refine(
    ({ tool, results }) =>
      results.every((each) => each.ruleIndex === -1 || tool.driver.rules[each.ruleIndex]?.id === each.ruleId),
    'ruleIndex and ruleId name different rules',
  );
/** 3.13. */
export const sarifLog = z.strictObject({
  $schema: z.url().optional(),
  version: z.literal('2.1.0'),
  runs: z.array(run),
});
