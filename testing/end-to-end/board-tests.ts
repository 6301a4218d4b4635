import { describe, expect, it } from 'vitest';
import { sendReport } from '../../apps/cli/src/gate/send-report.ts';
import { finding } from '../../packages/control-gate/testing/controls.ts';
import type { ChatTestParts } from './chat-tests.ts';
import { signIn } from './people.ts';

const because = 'The agreement with the laboratory is not signed by both.';
const next = 'Sign it, and write the date into the register.';

/** The board of controls, told by the gate of an installation that runs already, as its auditor reads it. */
export function describeBoard({ installation, visit }: ChatTestParts): void {
  describe('the board of controls', () => {
    it('shows the auditor what stands in the way, why, and what to do next', async () => {
      const at = new Date().toISOString();
      const evidence = [{ asked: 'read the register', of: 'vendors', at, answer: 'unsigned' }];
      const findings = [
        finding('fail', { id: 'SEC-011', title: 'Vendors have signed', next }, { because, evidence, at }),
        finding('pass', { id: 'SEC-001' }, { evidence, at }),
      ];
      const report = {
        system: 'Cordon',
        to: 'production',
        commit: 'c'.repeat(40),
        began: at,
        ended: at,
        findings,
      } as const;
      const terms = { patientData: false, acceptances: [], now: new Date() };
      expect(await sendReport(installation().layout, report, terms, true)).toBeUndefined();
      const { page, look } = await visit();
      const account = await installation().account('otto.auditor@northgate.example');
      await signIn(page, `${installation().origins.console}/controls?to=production`, account);
      const verdict = page.getByRole('region', { name: 'Verdict' });
      await verdict.getByText('Blocked on the way to production').waitFor();
      await verdict.getByText('1 of 2 controls stands in the way.').waitFor();
      const blocking = page.getByRole('article', { name: /Vendors have signed/ });
      expect(await blocking.innerText()).toContain(because);
      expect(await blocking.innerText()).toContain(next);
      await look('console-controls');
    });
  });
}
