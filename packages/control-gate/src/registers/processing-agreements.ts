import { isDay, toDay } from './calendar.ts';
import { readTable, refuseFaults, type RegisterFault } from './read-table.ts';

export const processingPurposes = ['hosting', 'language model', 'e-mail', 'sms', 'payment', 'video'] as const;

/** A contract of UK GDPR article 28(3) with somebody who processes personal data for the controller. */
export interface ProcessingAgreement {
  readonly line: number;
  readonly purpose: string;
  /** Empty while nobody is chosen. */
  readonly processor: string;
  readonly inUse: boolean;
  readonly signedOn: string;
  readonly documentHash: string;
}

const columns = ['purpose', 'processor', 'in use', 'signed on', 'document hash'];

/**
 * Reads `compliance/processing-agreements.md`: a row for each purpose, in use or not.
 * @throws ControlGateError `register-malformed`, naming the lines
 */
export function readProcessingAgreements(file: string, text: string): ProcessingAgreement[] {
  const faults: RegisterFault[] = [];
  const rows = readTable(file, text, columns).map(({ line, cells }): ProcessingAgreement => {
    const fault = (what: string): number => faults.push({ line, what });
    const row = {
      line,
      purpose: cells['purpose'] ?? '',
      processor: cells['processor'] ?? '',
      inUse: cells['in use'] === 'yes',
      signedOn: cells['signed on'] ?? '',
      documentHash: cells['document hash'] ?? '',
    };
    if (!processingPurposes.some((each) => each === row.purpose))
      fault(`the purpose "${row.purpose}" is not known`);
    if (!['yes', 'no'].includes(cells['in use'] ?? '')) fault('"in use" is neither yes nor no');
    if (row.inUse && row.processor === '') fault(`${row.purpose} is in use by nobody's service`);
    if (row.signedOn !== '' && !isDay(row.signedOn)) fault('"signed on" is no day such as 2026-01-31');
    if (row.documentHash !== '' && !/^[0-9a-f]{64}$/.test(row.documentHash))
      fault('"document hash" is no SHA-256 in hexadecimal');
    return row;
  });
  for (const purpose of processingPurposes)
    if (!rows.some((row) => row.purpose === purpose))
      faults.push({ line: 1, what: `it says nothing of ${purpose}` });
  refuseFaults(file, faults);
  return rows;
}

/** What is in use without a contract, in words. */
export function listUnsigned(rows: readonly ProcessingAgreement[], now: Date): string[] {
  return rows
    .filter(
      ({ inUse, signedOn, documentHash }) =>
        inUse && (signedOn === '' || signedOn > toDay(now) || documentHash === ''),
    )
    .map(({ purpose, processor }) => `${processor} is used for ${purpose} without a signed contract`);
}
