import { text } from 'node:stream/consumers';
import { CliError } from '../error.ts';
import { uuidForm } from '../uuid-form.ts';

export const holdUsage = `cordon audit hold place --tenant ID --since DAY [--until DAY] --reason TEXT
cordon audit hold lift HOLD --tenant ID --reason TEXT
cordon audit hold list --tenant ID

  place  keeps every month of the log with an entry of these days from being dropped, for all tenants; prints the hold's id
  lift   ends a hold
  list   every hold of a tenant with its reasons, lifted ones too

  --since DAY, --until DAY  2026-01-31, in UTC; the last day is not included. Without an end, the hold is for good
  --reason TEXT             3 to 2,000 characters, kept encrypted in the clinical store; - reads it from the standard input`;

export interface HoldOptions {
  readonly tenant?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
}

const day = /^\d{4}-\d\d-\d\d$/;

/** What the words ask the engine for. @throws CliError `arguments-invalid` */
export async function readHoldRequest(
  [verb, holdId, ...more]: readonly string[],
  options: HoldOptions,
): Promise<Record<string, string>> {
  const refuse = new CliError('arguments-invalid', holdUsage);
  const tenantId = options.tenant?.toLowerCase() ?? '';
  if (!uuidForm.test(tenantId) || more.length > 0) throw refuse;
  const { since, until } = options;
  if (verb === 'list' && holdId === undefined) return { verb, tenantId };
  if (verb === 'place' && holdId === undefined) {
    const days = [since, until].filter((each) => each !== undefined);
    if (since === undefined || !days.every(isDay)) throw refuse;
    const reason = await readReason(options.reason, refuse);
    return { verb, tenantId, from: since, ...(until !== undefined && { to: until }), reason };
  }
  if (verb === 'lift' && holdId !== undefined && uuidForm.test(holdId))
    return { verb, tenantId, holdId, reason: await readReason(options.reason, refuse) };
  throw refuse;
}

function isDay(value: string): boolean {
  return day.test(value) && !Number.isNaN(Date.parse(value));
}

async function readReason(given: string | undefined, refuse: CliError): Promise<string> {
  const reason = (given === '-' ? await text(process.stdin) : (given ?? '')).trim();
  if (reason.length < 3 || reason.length > 2_000) throw refuse;
  return reason;
}
