import { findAgreementFault } from '../agreements/index.ts';
import { NotifierError } from './error.ts';

/** @throws NotifierError `notifier-agreement-missing` */
export function requireAgreement(file: string, vendor: string): void {
  const detail = findAgreementFault(file, { vendor });
  if (detail !== undefined) throw new NotifierError('notifier-agreement-missing', { detail });
}
