import { escapeMarkup } from './markup.ts';
import { countStates, nextOf, type Report } from './report.ts';

/** The JUnit XML that CI servers read: fail is a failure, unknown an error. Neither is skipped. */
export function renderJunit(report: Report): string {
  const counts = countStates(report.findings);
  const seconds = (report.findings.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(
    3,
  );
  const totals = `tests="${report.findings.length}" failures="${counts.fail}" errors="${counts.unknown}" skipped="0" time="${seconds}"`;
  const cases = report.findings.map((finding) => {
    const { control, state, because, evidence, milliseconds } = finding;
    const open = `    <testcase classname="${control.priority}" name="${escapeMarkup(`${control.id} ${control.title}`)}" time="${(milliseconds / 1000).toFixed(3)}"`;
    if (state === 'pass') return `${open}/>`;
    const kind = state === 'fail' ? 'failure' : 'error';
    const detail = [
      `next: ${nextOf(finding)}`,
      ...evidence.map(({ asked, of, at, answer }) => `${at} ${of}: ${asked}\n${answer}`),
    ].join('\n');
    return `${open}>\n      <${kind} type="${state}" message="${escapeMarkup(because)}">${escapeMarkup(detail)}</${kind}>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeMarkup(report.system)}" ${totals}>`,
    `  <testsuite name="${escapeMarkup(report.to === undefined ? 'checks' : `gate to ${report.to}`)}" timestamp="${report.began}" ${totals}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
