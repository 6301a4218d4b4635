import { daysBetween, isDay, toDay } from './calendar.ts';
import { readTable, refuseFaults, type RegisterFault } from './read-table.ts';

/** A business associate agreement (HIPAA §164.504(e)) with a vendor whose service may see patients' data. */
export interface VendorAgreement {
  readonly line: number;
  readonly vendor: string;
  readonly service: string;
  readonly signed: boolean;
  /** `YYYY-MM-DD`, or empty while it is not signed. */
  readonly signedOn: string;
  readonly expires: string;
  /** SHA-256 of the signed document, in hexadecimal. */
  readonly documentHash: string;
}

const columns = ['vendor', 'service', 'signed by both parties', 'signed on', 'expires', 'document hash'];
const hashForm = /^[0-9a-f]{64}$/;
/** An agreement that ends within this time is as good as none: there must be time to renew it. */
export const leastDaysLeft = 30;

/**
 * Reads `.agent/compliance/BAA_STATUS.md`.
 * @param knownVendors where given, a vendor that is not among them is an error
 * @throws ControlGateError `register-malformed`, naming the lines
 */
export function readVendorAgreements(
  file: string,
  text: string,
  knownVendors?: ReadonlySet<string>,
): VendorAgreement[] {
  const faults: RegisterFault[] = [];
  const named = new Map<string, number>();
  const agreements = readTable(file, text, columns).map(({ line, cells }): VendorAgreement => {
    const fault = (what: string): number => faults.push({ line, what });
    const agreement = {
      line,
      vendor: cells['vendor'] ?? '',
      service: cells['service'] ?? '',
      signed: cells['signed by both parties'] === 'yes',
      signedOn: cells['signed on'] ?? '',
      expires: cells['expires'] ?? '',
      documentHash: cells['document hash'] ?? '',
    };
    const { vendor, service, signed, signedOn, expires, documentHash } = agreement;
    if (vendor === '') fault('the row names no vendor');
    else if (knownVendors && !knownVendors.has(vendor)) fault(`the vendor "${vendor}" is not known`);
    if (service === '') fault('the row names no service');
    if (!['yes', 'no'].includes(cells['signed by both parties'] ?? ''))
      fault('"signed by both parties" is neither yes nor no');
    for (const [name, day] of [
      ['signed on', signedOn],
      ['expires', expires],
    ] as const)
      // prettier-ignore
      if ((signed || day !== '') && !isDay(day)) fault(`"${name}" is no day such as 2026-01-31`);
    if (isDay(signedOn) && isDay(expires) && expires <= signedOn) fault('it ends before it begins');
    if ((signed || documentHash !== '') && !hashForm.test(documentHash))
      fault('"document hash" is no SHA-256 in hexadecimal');
    const name = `${vendor} / ${service}`.toLowerCase();
    const before = named.get(name);
    if (before !== undefined) fault(`${vendor}, ${service} stands on line ${before} already`);
    named.set(name, line);
    return agreement;
  });
  refuseFaults(file, faults);
  return agreements;
}

/** Why an agreement is not in force on a day, in words; undefined where it is. */
export function explainNotInForce(agreement: VendorAgreement, now: Date): string | undefined {
  const today = toDay(now);
  const name = `${agreement.vendor} (${agreement.service})`;
  if (!agreement.signed) return `${name} has not signed`;
  if (agreement.signedOn > today) return `${name} is signed on a day to come`;
  const left = daysBetween(today, agreement.expires);
  if (left < 0) return `the agreement with ${name} ended on ${agreement.expires}`;
  if (left <= leastDaysLeft) return `the agreement with ${name} ends in ${left} days`;
  return undefined;
}

/**
 * Why a vendor may not be given patients' data, in words; undefined where all its agreements, or the one for the service
 * named, are in force.
 */
export function explainMissingAgreement(
  agreements: readonly VendorAgreement[],
  wanted: { readonly vendor: string; readonly service?: string },
  now: Date,
): string | undefined {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const found = agreements.filter(
    ({ vendor, service }) =>
      same(vendor, wanted.vendor) && (wanted.service === undefined || same(service, wanted.service)),
  );
  if (found.length === 0)
    return `the register does not name ${wanted.vendor}${wanted.service === undefined ? '' : `, ${wanted.service}`}`;
  return found.map((each) => explainNotInForce(each, now)).find((reason) => reason !== undefined);
}
