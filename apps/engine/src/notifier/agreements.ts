import { readFile } from 'node:fs/promises';
import { NotifierError } from './error.ts';

const hash = /^[0-9a-f]{64}$/;
const day = /^\d{4}-\d{2}-\d{2}$/;
const columns = ['vendor', 'service', 'signed by both parties', 'signed on', 'expires', 'document hash'];
/** An agreement that ends within this time is as good as none: there must be time to renew it. */
const leastDaysLeft = 30;

/**
 * Asks the register of vendors' agreements, `.agent/compliance/BAA_STATUS.md`: a table with the columns vendor, service, signed
 * by both parties, signed on, expires, document hash (SHA-256). Whatever cannot be read as a signature in force is none.
 * @throws NotifierError `notifier-agreement-missing`
 */
export async function requireAgreement(file: string, vendor: string, now = new Date()): Promise<void> {
  const refuse = (detail: string) => new NotifierError('notifier-agreement-missing', { detail });
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new NotifierError('notifier-agreement-missing', { detail: 'there is no register', cause });
  });
  const rows = text
    .split('\n')
    .filter((line) => line.trim().startsWith('|'))
    .map((line) => line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim())); // prettier-ignore
  const heading = rows[0]?.map((cell) => cell.toLowerCase());
  if (JSON.stringify(heading) !== JSON.stringify(columns)) throw refuse('the register has other columns');
  const found = rows.slice(1).filter(([name]) => name?.toLowerCase() === vendor.toLowerCase());
  if (found.length !== 1) throw refuse(`the register names ${vendor} ${found.length} times`);
  const [, , signed, signedOn = '', expires = '', documentHash = ''] = found[0] ?? [];
  const from = day.test(signedOn) ? Date.parse(`${signedOn}T00:00:00Z`) : NaN;
  const until = day.test(expires) ? Date.parse(`${expires}T00:00:00Z`) : NaN;
  if (signed !== 'yes' || !(from <= now.getTime()) || !hash.test(documentHash))
    throw refuse(`the agreement of ${vendor} is not signed`);
  if (!(until - now.getTime() > leastDaysLeft * 86_400_000))
    throw refuse(`the agreement of ${vendor} has ended or soon ends`);
}
