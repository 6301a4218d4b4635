import type { Proof } from '../prove.ts';
import { exitCodeOf, totalsOf } from './summary.ts';

/** The whole report as JSON text: totals, counts for each table and channel, and everything that did not simply hold. */
export function renderJson(proofs: readonly Proof[]): string {
  return `${JSON.stringify(
    {
      version: 1,
      exitCode: exitCodeOf(proofs),
      totals: totalsOf(proofs),
      proofs: proofs.map((proof) => ({
        name: proof.name,
        database: proof.database,
        live: proof.live,
        fingerprint: proof.fingerprint,
        counts: proof.record.counts().map(({ channel, table, tally }) => ({ channel, table, ...tally })),
        leaks: proof.record.attempts('leaked'),
        notRun: proof.record.attempts('not-run'),
        accepted: proof.record.attempts('accepted'),
      })),
    },
    null,
    2,
  )}\n`;
}
