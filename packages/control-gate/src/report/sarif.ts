import type { Finding } from '../run-checks.ts';
import { nextOf, type Report } from './report.ts';

const kinds = { pass: 'pass', fail: 'fail', unknown: 'open' } as const;

/**
 * SARIF 2.1.0 (OASIS, plus errata 01). A control that does not pass is an error where it blocks and a warning where it does
 * not; `kind` keeps fail and unknown apart (3.27.9: a result that is no failure has the level none).
 */
export function renderSarif({ findings, judgement, system, began, ended }: Report): string {
  const blocking = new Set(judgement?.blocking.map(({ finding }) => finding.control.id));
  const levelOf = ({ state, control }: Finding): string => {
    if (state !== 'fail') return 'none';
    return blocking.has(control.id) ? 'error' : 'warning';
  };
  const log = {
    version: '2.1.0',
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            name: `${system} gate`,
            rules: findings.map(({ control }) => ({
              id: control.id,
              shortDescription: { text: control.title },
              fullDescription: { text: control.threat },
              help: { text: control.next },
            })),
          },
        },
        invocations: [{ executionSuccessful: true, startTimeUtc: began, endTimeUtc: ended }],
        results: findings.map((finding, ruleIndex) => ({
          ruleId: finding.control.id,
          ruleIndex,
          kind: kinds[finding.state],
          level: levelOf(finding),
          message: {
            text: finding.state === 'pass' ? finding.because : `${finding.because} Next: ${nextOf(finding)}`,
          },
          locations: [{ logicalLocations: [{ name: finding.control.id, kind: 'control' }] }],
          partialFingerprints: { 'controlId/v1': finding.control.id },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}
