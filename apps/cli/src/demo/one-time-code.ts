import { Secret, TOTP } from 'otpauth';
import { CliError } from '../error.ts';
import type { DemoAccount } from '../up/demo-file.ts';

/** The code that the person's authenticator would show now (RFC 6238). */
export function oneTimeCode(account: DemoAccount): string {
  if (account.totpSecret === undefined)
    throw new CliError('demo-account-unknown', 'This person has no second factor, and is asked for none.');
  return new TOTP({ secret: Secret.fromBase32(account.totpSecret) }).generate();
}
