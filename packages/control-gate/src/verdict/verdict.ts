import { z } from 'zod';
import { environments } from '../control.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const commitForm = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Something that was built from the commit, and its digest; null where nobody saw it. */
export const buildSchema = z.strictObject({ name: z.string().min(1).max(200), sha256: sha256.nullable() });
export type Build = z.output<typeof buildSchema>;

/** What a verdict says, bound to a commit and to what was built of it. */
export const verdictSchema = z.strictObject({
  to: z.enum(environments),
  allowed: z.boolean(),
  commit: z.string().regex(commitForm),
  builds: z.array(buildSchema).max(100),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Controls in the way. */
  blocking: z.array(z.string().min(1).max(20)).max(1000),
  /** The digest of the JSON report that the verdict rests on. */
  report: sha256,
});
export type Verdict = z.output<typeof verdictSchema>;

/** No verdict lives longer, whatever it says of itself: what was true yesterday is hope. */
export const longestLifeHours = 24;

/** in-toto Statement, version 1 (github.com/in-toto/attestation, spec/v1/statement.md). */
export const statementType = 'https://in-toto.io/Statement/v1';
export const predicateType = 'https://cordon.invalid/gate-verdict/v1';
export const statementSchema = z.strictObject({
  _type: z.literal(statementType),
  subject: z
    .array(z.strictObject({ name: z.string(), digest: z.record(z.string(), z.string()) }))
    .min(1)
    .max(101),
  predicateType: z.literal(predicateType),
  predicate: verdictSchema,
});
