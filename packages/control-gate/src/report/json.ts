import type { Report } from './report.ts';

/** All that was asked and answered, for programs. */
export function renderJson(report: Report): string {
  const { judgement, findings, ...rest } = report;
  const rules = new Map(
    [...(judgement?.blocking ?? []), ...(judgement?.tracked ?? [])].map(({ finding, rule }) => [
      finding.control.id,
      rule,
    ]),
  );
  const blocking = new Set(judgement?.blocking.map(({ finding }) => finding.control.id));
  const document = {
    ...rest,
    ...(judgement && { allowed: judgement.allowed }),
    controls: findings.map(({ control, ...finding }) => ({
      ...control,
      ...finding,
      ...(judgement && { blocks: blocking.has(control.id), rule: rules.get(control.id) ?? null }),
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
