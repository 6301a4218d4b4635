import { createHash, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { environments, priorities, type Environment } from '../control.ts';
import { ControlGateError } from '../error.ts';
import { judge, type Promotion } from '../judge.ts';
import { nextOf, type Report } from '../report/report.ts';
import type { Finding } from '../run-checks.ts';
import { open, seal } from '../verdict/envelope.ts';
import { statementType } from '../verdict/verdict.ts';

const longestText = 600;
const text = z.string().max(longestText);
const instant = z.iso.datetime();

/** One control as a board shows it: without what the system answered, which is for the report. */
const boardControlSchema = z.strictObject({
  id: z.string().regex(/^[A-Z]{2,4}-[0-9.]{1,6}$/),
  title: text.min(1),
  priority: z.enum(priorities),
  owner: text,
  threat: text,
  state: z.enum(['pass', 'fail', 'unknown']),
  because: text,
  next: text,
  /** Of the oldest evidence; null where there is none. */
  evidenceAt: instant.nullable(),
  lifeHours: z.number().positive().max(8_760),
  /** Whether not passing stands in the way of this environment, and by which rule. */
  binds: z.boolean(),
  rule: text,
});
export type BoardControl = z.output<typeof boardControlSchema>;

const boardReportSchema = z.strictObject({
  system: text,
  to: z.enum(environments),
  /** Null where the tree was changed, so that no commit names what was asked. */
  commit: z
    .string()
    .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
    .nullable(),
  /** Whether every control was asked. */
  whole: z.boolean(),
  began: instant,
  ended: instant,
  controls: z.array(boardControlSchema).min(1).max(500),
});
/** What a run of the checks tells a board. */
export type BoardReport = z.output<typeof boardReportSchema>;

const predicateType = 'https://cordon.invalid/gate-report/v1';
const statementSchema = z.strictObject({
  _type: z.literal(statementType),
  subject: z
    .array(z.strictObject({ name: z.literal('report'), digest: z.strictObject({ sha256: z.string() }) }))
    .length(1),
  predicateType: z.literal(predicateType),
  predicate: boardReportSchema,
});

/** The longest envelope that a reader need take. */
export const longestBoardEnvelope = 1_000_000;
const defaultLifeHours = 24;

/** Signs what a run says for a board: states, reasons, next steps and ages, and nothing that the system answered. */
export function sealBoardReport(
  report: Report & { readonly to: Environment },
  terms: Omit<Promotion, 'to'>,
  whole: boolean,
  key: KeyObject,
): string {
  const predicate: BoardReport = {
    system: report.system,
    to: report.to,
    commit: report.commit,
    whole,
    began: report.began,
    ended: report.ended,
    controls: report.findings.map((finding) => describe(finding, { ...terms, to: report.to })),
  };
  const digest = createHash('sha256').update(JSON.stringify(predicate)).digest('hex');
  const subject = [{ name: 'report', digest: { sha256: digest } }];
  return seal({ _type: statementType, subject, predicateType, predicate }, key);
}

/**
 * The report of an envelope that the key signed.
 * @throws ControlGateError `verdict-malformed`, `verdict-untrusted`
 */
export function openBoardReport(envelope: string, key: KeyObject): BoardReport {
  const statement = statementSchema.safeParse(open(envelope, key));
  if (statement.success) return statement.data.predicate;
  throw new ControlGateError('verdict-malformed', 'What was signed is no report of the gate: run it again.', {
    detail: z.prettifyError(statement.error),
  });
}

function describe(finding: Finding, promotion: Promotion): BoardControl {
  const { control, state, because, evidence } = finding;
  // What the gate would make of it if it did not pass: a board lets evidence grow old.
  const { blocking, tracked } = judge([{ ...finding, state: 'unknown' }], promotion);
  return {
    id: control.id,
    title: shorten(control.title),
    priority: control.priority,
    owner: shorten(control.owner),
    threat: shorten(control.threat),
    state,
    because: shorten(because),
    next: shorten(nextOf(finding)),
    evidenceAt:
      evidence
        .map(({ at }) => at)
        .sort()
        .at(0) ?? null,
    lifeHours: control.lifeHours ?? defaultLifeHours,
    binds: blocking.length > 0,
    rule: (blocking[0] ?? tracked[0])?.rule ?? '',
  };
}

const shorten = (long: string): string =>
  long.length > longestText ? `${long.slice(0, longestText - 2)} …` : long;
