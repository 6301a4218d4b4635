import type { Environment } from './control.ts';
import type { RiskAcceptance } from './registers/risk-acceptances.ts';
import type { Finding } from './run-checks.ts';

export interface Promotion {
  readonly to: Environment;
  /** Whether the environment declares that it holds real patients' data. Production always does. */
  readonly patientData: boolean;
  readonly acceptances: readonly RiskAcceptance[];
  readonly now: Date;
}

export interface Judged {
  readonly finding: Finding;
  /** Why it blocks, or why it does not although it does not pass; nothing is said of what passes. */
  readonly rule: string;
}

export interface Judgement {
  readonly allowed: boolean;
  readonly blocking: readonly Judged[];
  /** Not passing, and not in the way of this promotion. */
  readonly tracked: readonly Judged[];
  readonly passed: readonly Finding[];
}

/**
 * P0 blocks every promotion; P1 blocks production; P2 blocks production, and staging unless somebody owns it with a date
 * ahead; P3 is tracked. Unknown counts like fail.
 */
export function judge(findings: readonly Finding[], promotion: Promotion): Judgement {
  const blocking: Judged[] = [];
  const tracked: Judged[] = [];
  for (const finding of findings.filter(({ state }) => state !== 'pass')) {
    const { blocks, rule } = ruleFor(finding, promotion);
    (blocks ? blocking : tracked).push({ finding, rule });
  }
  const passed = findings.filter(({ state }) => state === 'pass');
  const order = (a: Judged, b: Judged): number =>
    a.finding.control.priority.localeCompare(b.finding.control.priority);
  return {
    // Nothing asked is nothing proven.
    allowed: blocking.length === 0 && findings.length > 0,
    blocking: blocking.sort(order),
    tracked: tracked.sort(order),
    passed,
  };
}

function ruleFor({ control }: Finding, promotion: Promotion): { blocks: boolean; rule: string } {
  const { to } = promotion;
  switch (control.priority) {
    case 'P0':
      if (control.onlyWithPatientData !== true) return { blocks: true, rule: 'P0 blocks every promotion' };
      return to === 'production' || promotion.patientData
        ? { blocks: true, rule: "blocks wherever patients' data is real" }
        : { blocks: false, rule: "binds where patients' data is real" };
    case 'P1':
      return { blocks: to === 'production', rule: 'P1 blocks production' };
    case 'P2': {
      if (to === 'production') return { blocks: true, rule: 'P2 blocks production' };
      if (to === 'development') return { blocks: false, rule: 'P2 binds from staging on' };
      const accepted = promotion.acceptances.find(({ control: id }) => id === control.id);
      const today = promotion.now.toISOString().slice(0, 10);
      return accepted && accepted.due >= today && accepted.expires >= today
        ? { blocks: false, rule: `${accepted.owner} sees to it by ${accepted.due}` }
        : { blocks: true, rule: 'P2 blocks staging until somebody owns it with a date ahead' };
    }
    case 'P3':
      return { blocks: false, rule: 'P3 is tracked' };
  }
}
