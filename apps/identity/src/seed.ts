import { createLocalKeyManagement } from '@cordon/field-encryption';
import {
  createLogger,
  limitOutgoingTls,
  readSettings,
  secretFile,
  toClientConfig,
  type Environment,
} from '@cordon/service';
import { Pool } from 'pg';
import { z } from 'zod';
import { createAccounts } from './accounts/accounts.ts';
import { hashPassword } from './accounts/password.ts';
import { IdentityError } from './error.ts';
import { createTotpFactors } from './factors/totp.ts';
import { deriveKeys } from './keys.ts';
import { readIdentitySettings } from './settings.ts';
import { rootKeyId } from './start.ts';

/** The part of the seed file that identity needs; the engine reads the rest. */
const seed = z.object({
  accounts: z.array(
    z.object({
      accountId: z.uuid(),
      email: z.email().max(254),
      displayName: z.string().min(1).max(200),
      password: z.string().min(1),
      totpSecret: z.string().regex(/^[A-Z2-7]{16,128}$/).optional(),
    }),
  ),
}); // prettier-ignore

function parseSeed(text: string): z.output<typeof seed> {
  try {
    return seed.parse(JSON.parse(text));
  } catch {
    // The parser's message would quote names and passwords.
    throw new IdentityError('identity-seed-invalid');
  }
}

/**
 * Creates the accounts of the seed file that are not there yet, with their authenticator secrets.
 * @returns how many were created.
 * @throws IdentityError `identity-seed-invalid`, `identity-seed-refused` in production, `identity-account-exists` (an address that another account has)
 */
export async function seedAccounts(environment: Environment = process.env): Promise<number> {
  if (environment['CORDON_ENV'] === 'production') throw new IdentityError('identity-seed-refused');
  const settings = readIdentitySettings(environment);
  const { CORDON_SEED_FILE: text } = readSettings(z.object({ CORDON_SEED_FILE: secretFile }), environment);
  const pool = new Pool({ ...toClientConfig(settings.identityDatabase, 'cordon-identity-seed'), max: 2 });
  try {
    const keyManagement = createLocalKeyManagement({ rootKey: settings.identityKey, rootKeyId });
    const accounts = createAccounts(pool, keyManagement, deriveKeys(settings.identityKey));
    const totp = createTotpFactors(pool, accounts);
    let created = 0;
    for (const account of parseSeed(text).accounts) {
      const { accountId, email, displayName } = account;
      if (!(await accounts.findById(accountId))) {
        const passwordHash = await hashPassword(account.password);
        await accounts.create({ accountId, email, displayName, passwordHash });
        created += 1;
      }
      if (account.totpSecret !== undefined) await totp.install(accountId, account.totpSecret);
    }
    return created;
  } finally {
    await pool.end();
  }
}

if (import.meta.main) {
  const logger = createLogger({ app: 'identity-seed' });
  try {
    limitOutgoingTls();
    logger.info('accounts seeded', { count: await seedAccounts() });
  } catch (error) {
    logger.error('seed failed', { err: error });
    process.exitCode = 1;
  }
}
