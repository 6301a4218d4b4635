import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oscalResults } from '../../testing/oscal-results.ts';
import { sarifLog } from '../../testing/sarif-log.ts';
import {
  judge,
  renderHtml,
  renderJson,
  renderJunit,
  renderOscal,
  renderSarif,
  renderText,
  type Finding,
  type Report,
} from './index.ts';
import { finding } from './testing/controls.ts';

const now = new Date('2026-03-01T12:00:00Z');
/** What a hostile system may answer: every report shows it as text. */
const hostile = `</pre><script>alert(1)</script> & "quoted" 'text' ]]> \u0007\ud800 |\n`;
const findings: Finding[] = [
  finding('pass', { id: 'SEC-001' }),
  finding('fail', { id: 'SEC-002', priority: 'P0' }, { because: hostile, next: 'npx cordon up' }),
  finding('unknown', { id: 'CH-9.1', priority: 'P3' }, { evidence: [{ asked: hostile, of: ' a\nb ', at: '2026-03-01T10:00:00.000Z', answer: '' }] }),
]; // prettier-ignore
const report: Report = {
  system: 'Cordon',
  to: 'production',
  commit: 'c'.repeat(40),
  began: '2026-03-01T10:00:00.000Z',
  ended: '2026-03-01T10:01:00.000Z',
  findings,
  judgement: judge(findings, { to: 'production', patientData: true, acceptances: [], now }),
};
const { judgement: _judgement, to: _to, ...unjudged } = report;

describe('the text report', () => {
  it('says what blocks, why, whose it is and the next command; then what else is open, and what passed', () => {
    const text = renderText(report);
    expect(text).toMatch(
      /BLOCKED {2}1 of 3 controls stand in the way\n {2}✓ 1 pass {3}✗ 1 fail {3}\? 1 unknown/,
    );
    expect(text).toMatch(/✗ P0 SEC-002 {3}The door is locked\n {4}fail /);
    expect(text.replace(/\s+/g, ' ')).toContain('(P0 blocks every promotion)');
    expect(text).toContain('next    npx cordon up');
    expect(text).toContain('owner   security');
    expect(text).toMatch(/P3 is tracked\n {2}\? P3 CH-9\.1 /);
    expect(text).toMatch(/Passed, with evidence \(1\)\n {2}SEC-001/);
    expect(text).toContain('npx cordon gate --to production --only SEC-002');
  });

  it('has colours only where they are asked for, and keeps the width', () => {
    expect(renderText(report)).not.toContain('\u001b[');
    expect(renderText(report, { colour: true })).toContain('\u001b[31m');
    const title = 'A title of which nobody thought that it would be as long as this one is, and longer';
    const words = { because: 'word '.repeat(80), next: 'step '.repeat(40) };
    const long = [finding('fail', { id: 'CH-10.10', title }, words), finding('unknown', { id: 'SEC-004', title, priority: 'P3' }, words)];
    for (const width of [60, 80, 120])
      for (const each of [{ ...unjudged, findings: long }, { ...report, findings: long, judgement: judge(long, { to: 'production', patientData: true, acceptances: [], now }) }]) {
        const lines = renderText(each, { width }).split('\n');
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(lines.filter((line) => line.endsWith(' '))).toEqual([]);
      }
  }); // prettier-ignore

  it('lets no answer write to the terminal', () => {
    const answer = finding('fail', { id: 'SEC-003' }, { because: 'see \u001b[2Jthis\u0007 \u202egnp' });
    // eslint-disable-next-line no-control-regex -- escape and bell are what a terminal would obey
    expect(renderText({ ...unjudged, findings: [answer] })).not.toMatch(/[\u001b\u0007\u202e]/);
  });
});

describe.each([['judged', report], ['not judged', unjudged], ['all passed', { ...unjudged, findings: findings.slice(0, 1) }]])('a report that is %s', (_name, each) => {
  it('is SARIF 2.1.0', () => {
    const log = sarifLog.parse(JSON.parse(renderSarif(each)));
    expect(log.runs[0]?.results.map(({ kind }) => kind)).toEqual(each.findings.map(({ state }) => ({ pass: 'pass', fail: 'fail', unknown: 'open' })[state]));
  });

  it('is OSCAL assessment results', () => {
    const { results } = oscalResults.parse(JSON.parse(renderOscal(each)))['assessment-results'];
    expect(results[0]?.findings?.map(({ target }) => target.status.state)).toEqual(
      each.findings.map(({ state }) => (state === 'pass' ? 'satisfied' : 'not-satisfied')),
    );
  });

  it('is JSON with every answer and its evidence', () => {
    const { controls } = JSON.parse(renderJson(each)) as { controls: { id: string; evidence: unknown[] }[] };
    expect(controls.map(({ id }) => id)).toEqual(each.findings.map(({ control }) => control.id));
    expect(controls.every(({ evidence }) => evidence.length === 1)).toBe(true);
  });
}); // prettier-ignore

it('is JUnit: a failure, an error, and nothing skipped', () => {
  const text = renderJunit(report);
  expect(text).toContain('tests="3" failures="1" errors="1" skipped="0"');
  expect(text.match(/<failure /g)).toHaveLength(1);
  expect(text.match(/<error /g)).toHaveLength(1);
  for (const each of ['<script', '\u0007', '\ud800']) expect(text).not.toContain(each);
});

it('is one page of HTML without a script, an address, or an inline style that its policy does not name', () => {
  const page = renderHtml(report);
  expect(page).not.toMatch(/<script|\son\w+=|\sstyle=|https?:|src=|url\(/);
  expect(page).toContain("default-src 'none'");
  expect(page).toContain('&lt;script&gt;');
  expect(page).toContain('Blocked');
  expect(renderHtml({ ...unjudged, findings: findings.slice(0, 1) })).toContain('Not judged');
});

it('is OSCAL where nothing was asked, and where an answer or a name has lines of its own', () => {
  const of = ' the door \n\u2028of the yard ';
  const evidence = [{ asked: 'a', of, at: '2026-03-01T10:00:00.000Z', answer: '' }];
  for (const each of [
    { ...unjudged, findings: [] },
    { ...unjudged, system: 'Cordon\r\n', findings: [finding('fail', {}, { evidence })] },
  ])
    expect(oscalResults.safeParse(JSON.parse(renderOscal(each))).error).toBeUndefined();
});

it('calls each risk and observation by the same name within a report', () => {
  const { results } = oscalResults.parse(JSON.parse(renderOscal(report)))['assessment-results'];
  const [result] = results;
  const observations = new Set(result?.observations?.map(({ uuid }) => uuid));
  const risks = new Set(result?.risks?.map(({ uuid }) => uuid));
  for (const each of result?.findings ?? []) {
    for (const related of each['related-observations'] ?? [])
      expect(observations).toContain(related['observation-uuid']);
    for (const related of each['related-risks'] ?? []) expect(risks).toContain(related['risk-uuid']);
  }
});

it('is used as its README shows', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  for (const name of ['renderText', 'renderOscal', 'issueVerdict', 'checkVerdict'])
    expect(readme).toContain(name);
});
