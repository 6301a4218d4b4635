import type { ControlCard } from '@cordon/control-gate';
import { hipaaSections, ukGdprArticles } from '../../../../compliance/references.ts';

/** Every control, a line each. */
export function listControls(controls: readonly ControlCard[]): string {
  const width = Math.max(...controls.map(({ id }) => id.length));
  return `${controls.map(({ id, priority, title }) => `${id.padEnd(width)}  ${priority}  ${title}`).join('\n')}\n`;
}

/** One control, for whoever has to meet it. */
export function explainControl(control: ControlCard): string {
  const { asvs, hipaa, ukGdpr } = control.references;
  const rows: readonly (readonly [string, string])[] = [
    ['threat', control.threat],
    ['owner', control.owner],
    ['blocks', blocksOf(control)],
    ['ASVS 5.0', asvs.join(', ') || '–'],
    ...named('HIPAA', hipaa, hipaaSections),
    ...named('UK GDPR', ukGdpr, ukGdprArticles),
    ['evidence', `lives for ${control.lifeHours ?? 24} h`],
    ['next', control.next],
    ['check', `npx cordon check --only ${control.id}`],
  ];
  return `${control.id}  ${control.priority}  ${control.title}\n\n${rows.map(([name, text]) => `  ${name.padEnd(9)} ${text}`).join('\n')}\n`;
}

/** A line each, with what the source calls it. */
function named(
  source: string,
  ids: readonly string[],
  names: ReadonlyMap<string, string>,
): (readonly [string, string])[] {
  if (ids.length === 0) return [[source, '–']];
  return ids.map((id, at) => [at === 0 ? source : '', `${id.padEnd(22)} ${names.get(id) ?? ''}`.trimEnd()]);
}

function blocksOf({ priority, onlyWithPatientData }: ControlCard): string {
  if (onlyWithPatientData === true) return "production, and every environment with real patients' data";
  return {
    P0: 'every promotion',
    P1: 'production',
    P2: 'production, and staging until somebody owns it with a date ahead',
    P3: 'nothing; it is tracked',
  }[priority];
}
