import type { Judged } from '../judge.ts';
import type { Finding } from '../run-checks.ts';
import { countStates, nextOf, type Report } from './report.ts';

export interface TextOptions {
  /** ANSI colours; off by default. */
  readonly colour?: boolean;
  /** Columns of the terminal. */
  readonly width?: number;
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
type Paint = (style: keyof typeof codes, text: string) => string;
const margin = 4;

/** For people: the verdict first, then what blocks, why, and the next command. */
export function renderText(report: Report, options: TextOptions = {}): string {
  const paint: Paint = (style, text) => (options.colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
  const width = Math.min(Math.max(options.width ?? 100, 60), 120);
  const { judgement, to } = report;
  const head = to === undefined ? `${report.system} · checks` : `${report.system} → ${to}`;
  const commit = report.commit === null ? 'no commit' : `commit ${report.commit.slice(0, 12)}`;
  const lines = [
    '',
    `  ${paint('bold', head)}  ${paint('dim', `${commit} · ${report.ended.slice(0, 16).replace('T', ' ')} UTC`)}`,
    '',
  ];
  const counts = countStates(report.findings);
  const tally = `${counts.pass} pass, ${counts.fail} fail, ${counts.unknown} unknown`;
  if (judgement === undefined) {
    lines.push(`  ${paint('bold', 'NOT JUDGED')}  ${tally}`, '');
    for (const finding of report.findings.filter(({ state }) => state !== 'pass'))
      lines.push(...renderOne({ finding, rule: '' }, paint, width));
    lines.push(
      ...renderPassed(
        report.findings.filter(({ state }) => state === 'pass'),
        paint,
        width,
      ),
    );
    return `${lines.join('\n')}\n`;
  }
  const { allowed, blocking, tracked, passed } = judgement;
  lines.push(
    allowed
      ? `  ${paint('green', paint('bold', 'MAY GO'))}  ${tally}`
      : `  ${paint('red', paint('bold', 'BLOCKED'))}  ${blocking.length} of ${report.findings.length} controls stand in the way: ${tally}`,
    '',
  );
  for (const judged of blocking) lines.push(...renderOne(judged, paint, width));
  if (tracked.length > 0) {
    lines.push(`  ${paint('bold', 'Not in the way of this promotion, and not done')}`, '');
    for (const { finding, rule } of tracked)
      lines.push(
        `  ${mark(finding, paint)} ${finding.control.id.padEnd(8)} ${finding.control.title} ${paint('dim', `(${rule})`)}`,
      );
    lines.push('');
  }
  lines.push(...renderPassed(passed, paint, width));
  const [first] = blocking;
  if (first && to !== undefined)
    lines.push(
      `  ${paint('dim', 'then')}  npx cordon gate --to ${to} --only ${first.finding.control.id}`,
      '',
    );
  return `${lines.join('\n')}\n`;
}

function mark({ state }: Finding, paint: Paint): string {
  if (state === 'pass') return paint('green', '✓');
  return state === 'fail' ? paint('red', '✗') : paint('yellow', '?');
}

function renderOne({ finding, rule }: Judged, paint: Paint, width: number): string[] {
  const { control, state, because, evidence } = finding;
  const wrap = (text: string): string[] => wrapText(text, width - margin - 8);
  const block = (label: string, text: string): string[] =>
    wrap(text).map((line, at) => `    ${paint('dim', (at === 0 ? label : '').padEnd(7))} ${line}`);
  const last = evidence.at(-1);
  return [
    `  ${mark(finding, paint)} ${paint('bold', `${control.priority} ${control.id}`)}  ${control.title}  ${paint(state === 'fail' ? 'red' : 'yellow', state)}${rule === '' ? '' : paint('dim', ` · ${rule}`)}`,
    ...block('why', because),
    ...(last ? block('asked', `${shorten(last.asked)} (${last.of}, ${last.at.slice(11, 19)})`) : []),
    ...block('owner', control.owner),
    ...wrap(nextOf(finding)).map(
      (line, at) => `    ${paint('dim', (at === 0 ? 'next' : '').padEnd(7))} ${paint('cyan', line)}`,
    ),
    '',
  ];
}

const longestQuestion = 120;
const shorten = (text: string): string =>
  text.length > longestQuestion ? `${text.slice(0, longestQuestion)} …` : text;

function renderPassed(passed: readonly Finding[], paint: Paint, width: number): string[] {
  if (passed.length === 0) return [];
  const ids = passed.map(({ control }) => control.id).join(' ');
  return [
    `  ${paint('bold', `Passed, with evidence (${passed.length})`)}`,
    ...wrapText(ids, width - 2).map((line) => `  ${paint('green', line)}`),
    '',
  ];
}

/** What a system answered is text: it moves no cursor and changes no colour. */
// eslint-disable-next-line no-control-regex -- these are the ones to take out
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

function wrapText(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.replace(controls, ' ').trim().split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
