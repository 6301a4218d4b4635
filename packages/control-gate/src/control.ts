import { ControlGateError } from './error.ts';

export const priorities = ['P0', 'P1', 'P2', 'P3'] as const;
export type Priority = (typeof priorities)[number];

export const environments = ['development', 'staging', 'production'] as const;
export type Environment = (typeof environments)[number];

/** There is no fourth state, and only the first lets anything through. */
export type State = 'pass' | 'fail' | 'unknown';

/** What was seen. Without credentials, and without anything of a person. */
export interface Evidence {
  /** The question as it was put: a statement, a request, a file that was read. */
  readonly asked: string;
  /** Of what: a database, an address, a path. */
  readonly of: string;
  /** When the answer came, ISO 8601 in UTC. */
  readonly at: string;
  readonly answer: string;
}

export interface Answer {
  readonly state: State;
  /** One sentence. */
  readonly because: string;
  readonly evidence: readonly Evidence[];
  /** What to do about it, where the answer knows better than the control. */
  readonly next?: string;
}

export interface References {
  /** OWASP ASVS 5.0.0 requirements, as `6.3.3`. */
  readonly asvs: readonly string[];
  /** HIPAA Security Rule, as `§164.312(b)`. */
  readonly hipaa: readonly string[];
  /** UK GDPR articles, as `32(1)(b)`. */
  readonly ukGdpr: readonly string[];
}

/** A control's description, without its check. */
export interface ControlCard {
  /** `SEC-004`, `CH-3.1`. */
  readonly id: string;
  readonly title: string;
  readonly priority: Priority;
  /** What happens where the control does not hold. */
  readonly threat: string;
  /** Who sees to it: a role or a team. */
  readonly owner: string;
  readonly references: References;
  /** The next step of whoever finds it not passing: a command wherever there is one. */
  readonly next: string;
  /** A P0 that binds production and every environment that holds real patients' data, and no other. */
  readonly onlyWithPatientData?: true;
  /** How long an answer stays true, in hours. */
  readonly lifeHours?: number;
  /** How long the check may take, in seconds. */
  readonly limitSeconds?: number;
}

export interface Control<Asked> extends ControlCard {
  readonly check: (asked: Asked, signal: AbortSignal) => Promise<Answer>;
}

const idForm = /^(SEC-\d{3}|CH-\d{1,2}\.\d{1,2}|GEN-\d{1,2})$/;

/**
 * Checks a list of controls before any of them runs: a control that nobody can name, own or follow is none.
 * @throws ControlGateError `control-malformed`, naming every fault
 */
export function checkControls(controls: readonly ControlCard[]): void {
  const faults = controls.flatMap((control) => [
    ...(idForm.test(control.id) ? [] : [`"${control.id}" is no id such as SEC-004 or CH-3.1`]),
    ...(['title', 'threat', 'owner', 'next'] as const)
      .filter((field) => control[field].trim() === '')
      .map((field) => `${control.id} has no ${field}`),
    ...(Object.values(control.references).flat().length > 0 ? [] : [`${control.id} has no reference`]),
  ]);
  const ids = controls.map(({ id }) => id);
  for (const id of new Set(ids.filter((each, at) => ids.indexOf(each) !== at)))
    faults.push(`${id} is there twice`);
  if (faults.length === 0) return;
  throw new ControlGateError('control-malformed', 'A control is not complete: correct it.', {
    detail: faults.join('\n'),
  });
}
