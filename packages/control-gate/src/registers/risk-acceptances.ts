import type { ControlCard } from '../control.ts';
import { isDay } from './calendar.ts';
import { readTable, refuseFaults, type RegisterFault } from './read-table.ts';

/** Somebody's word that a control is not met yet: whose, why, until when it will be, and when the word ends. */
export interface RiskAcceptance {
  readonly line: number;
  readonly control: string;
  readonly owner: string;
  readonly reason: string;
  readonly due: string;
  readonly expires: string;
}

const columns = ['control', 'owner', 'reason', 'due', 'expires'];

/**
 * Reads `compliance/risk-acceptances.md`. P0 and P1 cannot be accepted.
 * @throws ControlGateError `register-malformed`, naming the lines
 */
export function readRiskAcceptances(
  file: string,
  text: string,
  controls: readonly ControlCard[],
): RiskAcceptance[] {
  const faults: RegisterFault[] = [];
  const seen = new Set<string>();
  const rows = readTable(file, text, columns).map(({ line, cells }): RiskAcceptance => {
    const row = {
      line,
      control: cells['control'] ?? '',
      owner: cells['owner'] ?? '',
      reason: cells['reason'] ?? '',
      due: cells['due'] ?? '',
      expires: cells['expires'] ?? '',
    };
    const control = controls.find(({ id }) => id === row.control);
    if (control === undefined) faults.push({ line, what: `there is no control "${row.control}"` });
    else if (control.priority === 'P0' || control.priority === 'P1')
      faults.push({ line, what: `${row.control} is ${control.priority}, which nobody can accept` });
    if (seen.has(row.control)) faults.push({ line, what: `${row.control} is accepted twice` });
    seen.add(row.control);
    if (row.owner === '') faults.push({ line, what: 'nobody owns it' });
    if (row.reason.length < 10) faults.push({ line, what: 'it gives no reason' });
    for (const field of ['due', 'expires'] as const)
      if (!isDay(row[field])) faults.push({ line, what: `"${field}" is no day such as 2026-01-31` });
    return row;
  });
  refuseFaults(file, faults);
  return rows;
}
