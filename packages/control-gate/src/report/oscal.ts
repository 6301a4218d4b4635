import { createHash } from 'node:crypto';
import type { Finding } from '../run-checks.ts';
import { nextOf, type Report } from './report.ts';

const namespace = 'https://cordon.invalid/ns/oscal';

/** RFC 9562 version 5 in form: the same text names the same thing in each report of one run. */
function uuidOf(text: string): string {
  const hash = createHash('sha256').update(text).digest();
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** `StringDatatype` has one line, not empty, and no space at either end. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim() || '-';

/**
 * NIST OSCAL 1.2 assessment results (pages.nist.gov/OSCAL-Reference, assessment-results JSON). A control that does not pass
 * is `not-satisfied`; `reason` keeps fail and unknown (`other`) apart. No text is empty, as the model asks.
 */
export function renderOscal(report: Report): string {
  const seed = `${report.began} ${report.commit ?? ''} ${report.to ?? ''}`;
  const id = (...parts: readonly string[]): string => uuidOf([seed, ...parts].join('\n'));
  const blocking = new Set(report.judgement?.blocking.map(({ finding }) => finding.control.id));
  // The schema takes no empty list.
  const any = report.findings.length > 0;
  const open = report.findings.filter(({ state }) => state !== 'pass');
  const props = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => ({ name, ns: namespace, value: oneLine(value) }));
  const result = {
    uuid: id('result'),
    title: report.to === undefined ? 'Checks' : `Gate to ${report.to}`,
    description: 'What the running system and the registers answered; unknown counts like fail.',
    start: report.began,
    end: report.ended,
    props: props({
      ...(report.judgement && { verdict: report.judgement.allowed ? 'allowed' : 'blocked' }),
      ...(report.commit !== null && { commit: report.commit }),
      system: report.system,
    }),
    'reviewed-controls': {
      'control-selections': [
        any
          ? { 'include-controls': report.findings.map(({ control }) => ({ 'control-id': control.id })) }
          : { description: 'No control was asked for.' },
      ],
    },
    ...(any && {
      observations: report.findings.map((finding) =>
        describeObservation(finding, id('observation', finding.control.id), props),
      ),
    }),
    ...(open.length > 0 && {
      risks: open.map((finding) => ({
        uuid: id('risk', finding.control.id),
        title: finding.control.title,
        description: finding.control.threat,
        statement: finding.because,
        status: 'open',
        props: props({
          priority: finding.control.priority,
          blocks: String(blocking.has(finding.control.id)),
        }),
        remediations: [
          {
            uuid: id('remediation', finding.control.id),
            lifecycle: 'recommendation',
            title: 'Next step',
            description: nextOf(finding),
          },
        ],
      })),
    }),
    ...(any && {
      findings: report.findings.map(({ control, state, because }) => ({
        uuid: id('finding', control.id),
        title: control.title,
        description: because,
        target: {
          type: 'objective-id',
          'target-id': control.id,
          status: {
            state: state === 'pass' ? 'satisfied' : 'not-satisfied',
            reason: state === 'unknown' ? 'other' : state,
          },
        },
        'related-observations': [{ 'observation-uuid': id('observation', control.id) }],
        ...(state !== 'pass' && { 'related-risks': [{ 'risk-uuid': id('risk', control.id) }] }),
      })),
    }),
  };
  const document = {
    'assessment-results': {
      uuid: id('document'),
      metadata: {
        title: oneLine(`${report.system}: assessment results`),
        'last-modified': report.ended,
        version: report.ended,
        'oscal-version': '1.2.0',
      },
      // The plan is the list of controls itself.
      'import-ap': { href: 'compliance/controls' },
      results: [result],
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function describeObservation(
  { control, because, evidence, at }: Finding,
  uuid: string,
  props: (values: Readonly<Record<string, string>>) => object[],
): object {
  return {
    uuid,
    title: control.title,
    description: because,
    methods: ['TEST'],
    types: ['control-objective'],
    ...(evidence.length > 0 && {
      'relevant-evidence': evidence.map((each) => ({
        description: `${each.asked} → ${each.answer.trim() === '' ? '(an empty answer)' : each.answer}`,
        props: props({ of: each.of.trim() === '' ? 'this checkout' : each.of, at: each.at }),
      })),
    }),
    collected: evidence.at(-1)?.at ?? at,
  };
}
