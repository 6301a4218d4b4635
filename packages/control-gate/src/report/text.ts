import type { Judged } from '../judge.ts';
import type { Finding } from '../run-checks.ts';
import { countStates, nextOf, type Report } from './report.ts';

export interface TextOptions {
  /** ANSI colours; off by default. */
  readonly colour?: boolean;
  /** Columns of the terminal: no line is longer, but for a word that is. */
  readonly width?: number;
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
type Style = keyof typeof codes;
type Paint = (style: Style, text: string) => string;

interface Page {
  readonly paint: Paint;
  readonly width: number;
}

/** For people: the verdict first, then what blocks, why, and the next command. */
export function renderText(report: Report, options: TextOptions = {}): string {
  const paint: Paint = (style, text) => (options.colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
  const page: Page = { paint, width: Math.min(Math.max(options.width ?? 100, 60), 120) };
  const { judgement, to, findings } = report;
  const open = findings.filter(({ state }) => state !== 'pass').map((finding) => ({ finding, rule: '' }));
  const [first] = judgement?.blocking ?? [];
  const lines = [
    '',
    ...renderHead(report, page),
    ...(judgement?.blocking ?? open).flatMap((judged) => renderOne(judged, page)),
    ...renderTracked(judgement?.tracked ?? [], page),
    ...renderPassed(findings, page),
    ...(first !== undefined && to !== undefined
      ? [`  ${paint('dim', 'then')}  npx cordon gate --to ${to} --only ${first.finding.control.id}`, '']
      : []),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function renderHead(
  { system, to, commit, ended, findings, judgement }: Report,
  { paint, width }: Page,
): string[] {
  const head = to === undefined ? `${system} · checks` : `${system} → ${to}`;
  const about = `${commit === null ? 'no commit' : `commit ${commit.slice(0, 12)}`} · ${ended.slice(0, 16).replace('T', ' ')} UTC`;
  const { pass, fail, unknown } = countStates(findings);
  const tally = [
    paint('green', `✓ ${pass} pass`),
    paint('red', `✗ ${fail} fail`),
    paint('yellow', `? ${unknown} unknown`),
  ].join('   ');
  const verdict = judgement === undefined ? paint('bold', 'NOT JUDGED') : judgement.allowed ? paint('green', paint('bold', 'MAY GO')) : paint('red', paint('bold', 'BLOCKED')); // prettier-ignore
  const inTheWay =
    judgement === undefined || judgement.allowed
      ? ''
      : `  ${judgement.blocking.length} of ${findings.length} controls stand in the way`;
  const gap = width - 2 - head.length - about.length;
  return [
    ...(gap < 2
      ? [`  ${paint('bold', head)}`, `  ${paint('dim', about)}`]
      : [`  ${paint('bold', head)}${' '.repeat(gap)}${paint('dim', about)}`]),
    `  ${paint('dim', '─'.repeat(width - 2))}`,
    `  ${verdict}${inTheWay}`,
    `  ${tally}`,
    '',
  ];
}

const marks = { pass: ['green', '✓'], fail: ['red', '✗'], unknown: ['yellow', '?'] } as const;

/** Mark, priority and id stand in columns of their own, so that the eye runs down them. */
function renderTitle({ control, state }: Finding, { paint, width }: Page): string[] {
  const [style, mark] = marks[state];
  const label = `${control.priority} ${control.id.padEnd(8)}`;
  const indent = 4 + label.length + 2;
  return wrapText(control.title, width - indent).map((line, at) =>
    at === 0
      ? `  ${paint(style, mark)} ${paint('bold', label)}  ${paint('bold', line)}`
      : `${' '.repeat(indent)}${paint('bold', line)}`,
  );
}

function renderOne({ finding, rule }: Judged, page: Page): string[] {
  const { control, state, because, evidence } = finding;
  const block = (label: string, text: string, style?: Style): string[] =>
    wrapText(text, page.width - 12).map(
      (line, at) =>
        `    ${page.paint('dim', (at === 0 ? label : '').padEnd(7))} ${style === undefined ? line : page.paint(style, line)}`,
    );
  const last = evidence.at(-1);
  return [
    ...renderTitle(finding, page),
    ...block(state, rule === '' ? because : `${because} (${rule})`, state === 'fail' ? 'red' : 'yellow'),
    ...(last ? block('asked', `${shorten(last.asked)} (${last.of}, ${last.at.slice(11, 19)})`) : []),
    ...block('owner', control.owner),
    ...block('next', nextOf(finding), 'cyan'),
    '',
  ];
}

const longestQuestion = 120;
const shorten = (text: string): string =>
  text.length > longestQuestion ? `${text.slice(0, longestQuestion)} …` : text;

function renderTracked(tracked: readonly Judged[], page: Page): string[] {
  if (tracked.length === 0) return [];
  const rules = [...new Set(tracked.map(({ rule }) => rule))];
  return [
    `  ${page.paint('bold', 'Not in the way of this promotion, and not done')}`,
    ...rules.flatMap((rule) => [
      `  ${page.paint('dim', rule)}`,
      ...tracked
        .filter((each) => each.rule === rule)
        .flatMap(({ finding }) => renderTitle(finding, { ...page, paint: quietly(page.paint) })),
      '',
    ]),
  ];
}

const quietly =
  (paint: Paint): Paint =>
  (style, text) =>
    style === 'bold' ? text : paint(style, text);

function renderPassed(findings: readonly Finding[], { paint, width }: Page): string[] {
  const passed = findings.filter(({ state }) => state === 'pass');
  if (passed.length === 0) return [];
  const ids = passed.map(({ control }) => control.id).join(' ');
  return [
    `  ${paint('bold', `Passed, with evidence (${passed.length})`)}`,
    ...wrapText(ids, width - 2).map((line) => `  ${paint('green', line)}`),
    '',
  ];
}

/** What a system answered is text: it moves no cursor, changes no colour, and turns no line around (UAX #9). */
const controls =
  // eslint-disable-next-line no-control-regex -- these are the ones to take out
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function wrapText(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.replace(controls, ' ').trim().split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
