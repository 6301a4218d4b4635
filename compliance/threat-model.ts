import { ControlGateError } from '@cordon/control-gate';
import { z } from 'zod';

/** The components that face people, other programs or the outside. */
export const threatModelComponents = ['web', 'portal', 'engine', 'ai-gateway', 'identity', 'intake'] as const;

const id = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);
/** A model as data: what there is, what flows, over which boundary, what could go wrong, and what holds against it. */
const threatModelSchema = z.strictObject({
  component: z.enum(threatModelComponents),
  elements: z
    .array(
      z.strictObject({
        id,
        name: z.string().min(1),
        kind: z.enum(['actor', 'process', 'store']),
        zone: z.string().min(1),
      }),
    )
    .min(2),
  flows: z.array(z.strictObject({ id, from: id, to: id, what: z.string().min(1) })).min(1),
  threats: z
    .array(
      z.strictObject({
        id: z.string().regex(/^T-[A-Z]+-\d{1,2}$/),
        /** The word of STRIDE that fits. */
        kind: z.enum([
          'spoofing',
          'tampering',
          'repudiation',
          'information disclosure',
          'denial of service',
          'elevation of privilege',
        ]),
        /** The flow or element that it is about. */
        at: id,
        what: z.string().min(20),
        controls: z.array(z.string().regex(/^(SEC-\d{3}|CH-\d{1,2}\.\d{1,2})$/)).min(1),
        tests: z.array(z.string().regex(/^[a-z][\w./-]+\.test\.ts$/)).min(1),
      }),
    )
    .min(3),
});
export type ThreatModel = z.output<typeof threatModelSchema>;

/** @throws ControlGateError `register-malformed`, naming what is wrong */
export function readThreatModel(file: string, text: string): ThreatModel {
  const read = threatModelSchema.safeParse(JSON.parse(text));
  const fail = (detail: string): never => {
    throw new ControlGateError('register-malformed', `${file} is no threat model: correct it.`, { detail });
  };
  if (!read.success) return fail(z.prettifyError(read.error));
  const { elements, flows, threats } = read.data;
  const known = new Set(elements.map((each) => each.id));
  for (const { id: flow, from, to } of flows)
    if (!known.has(from) || !known.has(to)) fail(`the flow ${flow} begins or ends nowhere`);
  const places = new Set([...known, ...flows.map((flow) => flow.id)]);
  for (const threat of threats)
    if (!places.has(threat.at)) fail(`${threat.id} is about "${threat.at}", which is not there`);
  return read.data;
}

/** A picture in Mermaid's words, zones as boundaries; GitHub draws it. */
export function drawThreatModel({ elements, flows }: ThreatModel): string {
  const shape = { actor: ['([', '])'], process: ['[', ']'], store: ['[(', ')]'] } as const;
  const zones = [...new Set(elements.map(({ zone }) => zone))];
  return [
    'flowchart LR',
    ...zones.flatMap((zone, at) => [
      `  subgraph z${at}["${zone}"]`,
      ...elements
        .filter((each) => each.zone === zone)
        .map(({ id: name, name: label, kind }) => `    ${name}${shape[kind][0]}"${label}"${shape[kind][1]}`),
      '  end',
    ]),
    ...flows.map(({ from, to, what }) => `  ${from} -->|"${what}"| ${to}`),
    '',
  ].join('\n');
}
