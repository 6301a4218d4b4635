import type { Transaction } from '@cordon/row-security';

/** Bounds of what a clinic may choose; the store holds the same. */
export const mostRedFlags = 50;
export const redFlagForm = /^[a-z][a-z ]{1,38}[a-z]$/;

/** Flags that one alert names; more say nothing more. */
const mostNamed = 8;

/** Small letters and single spaces, a space at both ends: "Can't breathe!" → " cant breathe ". */
function plainWords(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return ` ${words.join(' ')} `;
}

/**
 * The red flags that stand in a form's answers, as whole words in their order. What somebody denies ("no chest pain") counts
 * as well: an alert too many is looked at, one too few is not.
 */
export function findRedFlags(
  answers: readonly (string | undefined)[],
  redFlags: readonly string[],
): readonly string[] {
  const read = answers.map((answer) => plainWords(answer ?? ''));
  return redFlags.filter((flag) => read.some((answer) => answer.includes(plainWords(flag))));
}

/** What the alert says: the clinic's own words, and nothing that stands beside them on the form. */
export function describeRedFlags(found: readonly string[]): string {
  const more = found.length > mostNamed ? ` and ${found.length - mostNamed} more` : '';
  return `The intake form says: ${found.slice(0, mostNamed).join(', ')}${more}. Read the form.`;
}

/** The clinic's choice. A clinic that is not seen has none. */
export async function readRedFlags(
  transaction: Transaction,
  tenantId: string,
  clinicId: string,
): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ red_flags: string[] }>(
    'SELECT red_flags FROM clinical.clinics WHERE tenant_id = $1 AND id = $2',
    [tenantId, clinicId],
  );
  return rows[0]?.red_flags ?? [];
}
