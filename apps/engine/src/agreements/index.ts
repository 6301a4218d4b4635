import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ControlGateError, explainMissingAgreement, readVendorAgreements } from '@cordon/control-gate';

/** The register of vendors' agreements, as this repository ships it. */
export const shippedRegister = fileURLToPath(
  new URL('../../../../.agent/compliance/BAA_STATUS.md', import.meta.url),
);

/**
 * Asks the register of vendors' agreements: why a vendor may not be given patients' data, in words; undefined where its agreement
 * is signed and in force. A register that cannot be relied on, in any line, is none.
 */
export function findAgreementFault(
  file: string,
  wanted: { readonly vendor: string; readonly service?: string },
  now = new Date(),
): string | undefined {
  try {
    return explainMissingAgreement(readVendorAgreements(file, readFileSync(file, 'utf8')), wanted, now);
  } catch (error) {
    return error instanceof ControlGateError ? error.publicMessage : 'there is no register';
  }
}
