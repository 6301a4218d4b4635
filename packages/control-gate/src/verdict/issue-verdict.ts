import { createHash, type KeyObject } from 'node:crypto';
import type { Environment } from '../control.ts';
import { ControlGateError } from '../error.ts';
import type { Judgement } from '../judge.ts';
import { open, seal } from './envelope.ts';
import {
  longestLifeHours,
  predicateType,
  statementSchema,
  statementType,
  type Build,
  type Verdict,
} from './verdict.ts';

const hour = 3_600_000;

/** Signs a judgement for one commit and what was built of it; it lives for twelve hours. */
export function issueVerdict(
  about: {
    readonly to: Environment;
    readonly judgement: Judgement;
    readonly commit: string;
    readonly builds: readonly Build[];
    /** The JSON report. */
    readonly report: string;
    readonly now: Date;
  },
  key: KeyObject,
): string {
  const verdict: Verdict = {
    to: about.to,
    allowed: about.judgement.allowed,
    commit: about.commit,
    builds: [...about.builds],
    issuedAt: about.now.toISOString(),
    expiresAt: new Date(about.now.getTime() + 12 * hour).toISOString(),
    blocking: about.judgement.blocking.map(({ finding }) => finding.control.id),
    report: createHash('sha256').update(about.report).digest('hex'),
  };
  const seen = about.builds.flatMap(({ name, sha256 }) =>
    sha256 === null ? [] : [{ name, digest: { sha256 } }],
  );
  return seal(
    {
      _type: statementType,
      subject: [{ name: 'git', digest: { gitCommit: about.commit } }, ...seen],
      predicateType,
      predicate: verdict,
    },
    key,
  );
}

export interface Deployment {
  readonly to: Environment;
  readonly commit: string;
  /** What is about to be deployed, as it was measured here and now. */
  readonly builds: readonly Build[];
  readonly now: Date;
}

/**
 * Asked by the deploy step, of the file and the key it trusts: whether this very thing may go there, now.
 * @throws ControlGateError `verdict-malformed`, `verdict-untrusted`, `verdict-ended`, `verdict-elsewhere`, `verdict-blocked`
 */
export function checkVerdict(text: string, key: KeyObject, deployment: Deployment): Verdict {
  const statement = statementSchema.safeParse(open(text, key));
  if (!statement.success)
    throw new ControlGateError(
      'verdict-malformed',
      'What was signed is no verdict of the gate: run the gate again.',
    );
  const verdict = statement.data.predicate;
  requireLiving(verdict, deployment.now);
  const differs = differencesOf(verdict, deployment);
  if (differs.length > 0)
    throw new ControlGateError(
      'verdict-elsewhere',
      `The verdict is about something else, ${differs[0] ?? ''}: run the gate on what is deployed.`,
      { detail: differs.join('\n') },
    );
  if (!verdict.allowed || verdict.blocking.length > 0)
    throw new ControlGateError(
      'verdict-blocked',
      `The gate to ${verdict.to} is blocked: npx cordon gate --to ${verdict.to} says by what.`,
      { detail: verdict.blocking.join(' ') },
    );
  return verdict;
}

function requireLiving({ issuedAt, expiresAt }: Verdict, now: Date): void {
  const from = Date.parse(issuedAt);
  const until = Math.min(Date.parse(expiresAt), from + longestLifeHours * hour);
  // Clocks of two machines may differ by a few minutes.
  if (from <= now.getTime() + 300_000 && now.getTime() < until) return;
  throw new ControlGateError(
    'verdict-ended',
    'The verdict has ended, or is from a time to come: run the gate again.',
  );
}

function differencesOf(verdict: Verdict, { to, commit, builds }: Deployment): string[] {
  const found: string[] = [];
  if (verdict.to !== to) found.push(`another environment: it says ${verdict.to}, not ${to}`);
  if (verdict.commit !== commit) found.push(`another commit: it says ${verdict.commit}, not ${commit}`);
  if (builds.length === 0) found.push('nothing that was built is at hand');
  const judged = new Map(verdict.builds.map(({ name, sha256 }) => [name, sha256]));
  for (const { name, sha256 } of builds) {
    const digest = judged.get(name);
    if (digest === undefined) found.push(`${name}, which the gate never saw`);
    // Two digests that nobody saw are not the same digest.
    else if (digest === null || sha256 === null) found.push(`${name}, whose digest nobody saw`);
    else if (digest !== sha256) found.push(`another build of ${name}`);
  }
  for (const name of judged.keys())
    if (!builds.some((build) => build.name === name)) found.push(`${name}, which is not at hand here`);
  return found;
}
