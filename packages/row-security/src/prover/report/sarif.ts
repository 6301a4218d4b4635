import { createHash } from 'node:crypto';
import type { Proof } from '../prove.ts';
import type { Attempt, Verdict } from './outcome.ts';

const levelOf = { leaked: 'error', 'not-run': 'warning', accepted: 'note', held: 'none' } as const;

/** SARIF 2.1.0 (OASIS): one run; a rule for each channel, a result for each leak, each attack not run and each acceptance. */
export function renderSarif(proofs: readonly Proof[]): string {
  const verdicts: readonly Verdict[] = ['leaked', 'not-run', 'accepted'];
  const found = proofs.flatMap((proof) =>
    verdicts.flatMap((verdict) => proof.record.attempts(verdict).map((attempt) => ({ proof, attempt }))),
  );
  const rules = [...new Set(found.map(({ attempt }) => attempt.channel))].sort();
  return `${JSON.stringify(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'cordon rls prove',
              informationUri: 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html',
              rules: rules.map((id) => ({ id, shortDescription: { text: `Row isolation: ${id}` } })),
            },
          },
          results: found.map(({ proof, attempt }) => resultOf(proof, attempt, rules)),
        },
      ],
    },
    null,
    2,
  )}\n`;
}

function resultOf(proof: Proof, attempt: Attempt, rules: readonly string[]): object {
  const text = [attempt.evidence, attempt.sql && `SQL: ${attempt.sql}`, attempt.fix && `Fix: ${attempt.fix}`]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
  const name = `${proof.name}/${attempt.table}`;
  return {
    ruleId: attempt.channel,
    ruleIndex: rules.indexOf(attempt.channel),
    level: levelOf[attempt.verdict],
    message: { text: text === '' ? attempt.channel : text },
    locations: [{ logicalLocations: [{ fullyQualifiedName: name, kind: 'table' }] }],
    // The same finding in two runs is one finding.
    partialFingerprints: {
      'attack/v1': createHash('sha256').update([name, attempt.channel, attempt.as].join('\n')).digest('hex'),
    },
    ...(attempt.verdict === 'accepted' && {
      suppressions: [{ kind: 'external', justification: attempt.evidence ?? '' }],
    }),
  };
}
