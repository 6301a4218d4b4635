import { describe, expect, it } from 'vitest';
import { checkControls, notBuilt, pass, runChecks, seen, type Answer } from './index.ts';
import { control } from './testing/controls.ts';

const run = async (check: Parameters<typeof runChecks<undefined>>[0][number]['check'], more = {}) => {
  const [finding] = await runChecks([control({ check, ...more })], undefined);
  return { state: finding?.state, because: finding?.because };
};

describe('a check', () => {
  it('passes with evidence', async () => {
    expect(await run(control().check)).toEqual({ state: 'pass', because: 'It is locked.' });
  });

  it.each<[string, () => Promise<Answer>, RegExp]>([
    ['that throws', () => Promise.reject(new Error('the scanner is gone')), /could not run: the scanner is gone/],
    ['that throws at once', () => { throw new Error('boom'); }, /boom/],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a library may do
    ['that throws something that is no error', () => Promise.reject('text'), /no error/],
    ['that answers nothing', () => Promise.resolve(undefined as unknown as Answer), /no state/],
    ['that answers another word', () => Promise.resolve({ state: 'ok', because: '', evidence: [] } as unknown as Answer), /no state/],
    ['that passes without evidence', () => Promise.resolve(pass('Trust me.', [])), /without evidence/],
    ['that passes on old evidence', () => Promise.resolve(pass('It was.', [seen('a', 'b', 'c', new Date(Date.now() - 25 * 3_600_000))])), /not of its time/],
    ['that passes on evidence of tomorrow', () => Promise.resolve(pass('It will be.', [seen('a', 'b', 'c', new Date(Date.now() + 24 * 3_600_000))])), /not of its time/],
    ['that passes on evidence without a time', () => Promise.resolve(pass('It was.', [{ asked: 'a', of: 'b', at: 'yesterday', answer: 'c' }])), /not of its time/],
    ['of what is not built', notBuilt('backups'), /Not built: backups/],
  ])('%s is unknown', async (_name, check, because) => {
    const finding = await run(check);
    expect(finding.state).toBe('unknown');
    expect(finding.because).toMatch(because);
  }); // prettier-ignore

  it('that does not answer within its time is unknown, is told to stop, and holds up no other', async () => {
    let stopped = false;
    const hanging = control({
      limitSeconds: 0.05,
      check: (_asked, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (stopped = true));
        }),
    });
    const findings = await runChecks([hanging, control({ id: 'SEC-101' })], undefined, { sideBySide: 1 });
    expect(findings.map(({ state }) => state)).toEqual(['unknown', 'pass']);
    expect(findings[0]?.because).toContain('did not answer within');
    expect(stopped).toBe(true);
  });

  it('is told of in the order of the controls, whichever ends first', async () => {
    const slow = control({
      id: 'SEC-101',
      check: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return pass('late', [seen('a', 'b', 'c')]);
      },
    });
    const ended: string[] = [];
    const findings = await runChecks([slow, control({ id: 'SEC-102' })], undefined, {
      onFinding: ({ control: { id } }) => ended.push(id),
    });
    expect(findings.map(({ control: { id } }) => id)).toEqual(['SEC-101', 'SEC-102']);
    expect(ended.sort()).toEqual(['SEC-101', 'SEC-102']);
  });
});

describe('a list of controls', () => {
  it('is refused with every fault named', () => {
    expect(() => {
      checkControls([control({ id: 'door' }), control({ owner: '' }), control()]);
    }).toThrow(
      expect.objectContaining({
        code: 'control-malformed',
        detail: '"door" is no id such as SEC-004 or CH-3.1\nSEC-100 has no owner\nSEC-100 is there twice',
      }),
    );
  });
});
