import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  drawBoard,
  issueVerdict,
  judge,
  openBoardReport,
  sealBoardReport,
  type BoardReport,
  type Finding,
  type State,
} from './index.ts';
import { finding } from './testing/controls.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const terms = { patientData: false, acceptances: [], now: new Date('2026-03-01T11:00:00Z') };

const run = (findings: Finding[], more: { ended?: string; whole?: boolean; to?: 'staging' | 'production' } = {}): BoardReport => {
  const { ended = '2026-03-01T10:01:00.000Z', whole = true, to = 'production' } = more;
  const report = { system: 'Cordon', to, commit: 'c'.repeat(40), began: '2026-03-01T09:00:00.000Z', ended, findings };
  return openBoardReport(sealBoardReport(report, terms, whole, privateKey), publicKey);
}; // prettier-ignore
const one = (state: State, id = 'SEC-100', at = '2026-03-01T10:00:00.000Z'): Finding =>
  finding(state, { id }, { evidence: [{ asked: 'a', of: 'b', at, answer: 'what the system answered' }] });
const now = new Date('2026-03-01T12:00:00Z');

describe('a report for the board', () => {
  it('says states, reasons, next steps and ages, and nothing that the system answered', () => {
    const report = run([one('fail')]);
    expect(report.controls[0]).toMatchObject({ id: 'SEC-100', state: 'fail', because: 'It stood open.', next: 'lock the door', evidenceAt: '2026-03-01T10:00:00.000Z', binds: true, rule: 'P1 blocks production' }); // prettier-ignore
    expect(JSON.stringify(report)).not.toContain('what the system answered');
  });

  it('is believed of the key alone, unchanged, and of no other statement that it signed', () => {
    const report = { system: 'Cordon', to: 'production' as const, commit: null, began: terms.now.toISOString(), ended: terms.now.toISOString(), findings: [one('pass')] }; // prettier-ignore
    const envelope = sealBoardReport(report, terms, true, privateKey);
    expect(openBoardReport(envelope, publicKey).commit).toBeNull();
    const refused = (text: string, key = publicKey) => {
      expect(() => openBoardReport(text, key)).toThrow(
        expect.objectContaining({ name: 'ControlGateError' }) as Error,
      );
    };
    refused(envelope, generateKeyPairSync('ed25519').publicKey);
    const { payload, ...rest } = JSON.parse(envelope) as { payload: string };
    const body = Buffer.from(payload, 'base64').toString().replace('"pass"', '"fail"');
    refused(JSON.stringify({ ...rest, payload: Buffer.from(body).toString('base64') }));
    const verdict = { to: 'production' as const, judgement: judge([one('pass')], { to: 'production', ...terms }), commit: 'c'.repeat(40), builds: [], report: '{}', now }; // prettier-ignore
    refused(issueVerdict(verdict, privateKey));
    refused('{}');
  });
});

describe('the board', () => {
  it('shows the newest answer to each control, and how it went', () => {
    const reports = [
      run([one('pass')], { ended: '2026-03-01T11:30:00.000Z' }),
      run([one('fail')], { ended: '2026-03-01T09:30:00.000Z' }),
    ];
    const board = drawBoard('production', reports, now);
    expect(board).toMatchObject({ allowed: true, lastRun: { at: '2026-03-01T11:30:00.000Z' } });
    expect(board.lines[0]?.trend.map(({ state }) => state)).toEqual(['fail', 'pass']);
  });

  it('takes a later part for its part, and the list of controls from the last whole run', () => {
    const whole = run([one('fail', 'SEC-001'), one('fail', 'SEC-002')]);
    const part = run([one('pass', 'SEC-001'), one('pass', 'SEC-009')], {
      whole: false,
      ended: '2026-03-01T11:00:00.000Z',
    });
    const board = drawBoard('production', [part, whole], now);
    expect(board.lines.map(({ id, state }) => `${id} ${state}`)).toEqual(['SEC-001 pass', 'SEC-002 fail']);
    expect(board.allowed).toBe(false);
  });

  it.each([
    ['too old', '2026-02-27T10:00:00.000Z'],
    ['of a time to come', '2026-03-02T10:00:00.000Z'],
  ])('takes evidence that is %s for none: what passed is unknown, and blocks', (_name, at) => {
    const board = drawBoard('production', [run([one('pass', 'SEC-100', at)])], now);
    expect(board.lines[0]).toMatchObject({ state: 'unknown', saidBefore: 'pass', blocks: true });
    expect(board.allowed).toBe(false);
  });

  it('lets nothing through that was never asked, or only in part, or for another environment', () => {
    expect(drawBoard('production', [], now)).toEqual({ to: 'production', lastRun: null, allowed: false, lines: [] }); // prettier-ignore
    for (const report of [run([one('pass')], { whole: false }), run([one('pass')], { to: 'staging' })])
      expect(drawBoard('production', [report], now)).toMatchObject({ allowed: false, lines: [] });
  });

  it('remembers the last twelve runs', () => {
    const reports = Array.from({ length: 15 }, (_, at) =>
      run([one(at < 3 ? 'unknown' : 'pass')], { ended: `2026-03-01T10:${10 + at}:00.000Z` }),
    );
    const [line] = drawBoard('production', reports, now).lines;
    expect(line?.trend.map(({ state }) => state)).toEqual(Array(12).fill('pass'));
  });
});
