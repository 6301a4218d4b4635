import { readFile } from 'node:fs/promises';
import { databaseSettings, toClientConfig } from '@cordon/service';
import { entrySession } from '@cordon/audit-log/postgres';
import { parseVerifierKey, type LogTrust, type VerifierKey } from '@cordon/transparency-log';
import type { ClientConfig } from 'pg';
import { CliError } from '../error.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';
import { readVerifierFile } from '../up/verifier-file.ts';

export interface AuditSettings {
  /** How to reach the audit store as the role that reads everything and writes nothing. */
  readonly database: () => ClientConfig;
  readonly logFolder: string | undefined;
  readonly trust: LogTrust;
}

/**
 * From the environment, or from what `cordon up` left in this checkout. A key file given by name comes first: on an
 * auditor's machine it is all there is.
 * @throws CliError `audit-settings-missing`
 */
export async function readAuditSettings(options: {
  keyFile?: string | undefined;
  logFolder?: string | undefined;
  witnessFiles?: readonly string[] | undefined;
}): Promise<AuditSettings> {
  const left = await readVerifierFile(makeLayout(checkoutRoot, 0));
  const environment: Record<string, string | undefined> = { ...left, ...process.env };
  const keyFile = options.keyFile ?? environment['CORDON_LOG_VERIFIER_KEY_FILE'];
  if (keyFile === undefined)
    throw new CliError(
      'audit-settings-missing',
      "Name the log's public key: --key FILE, or CORDON_LOG_VERIFIER_KEY_FILE.",
    );
  const logKeys = await readKeys(keyFile);
  const witnessFiles = options.witnessFiles ?? [];
  const witnessKeys = (await Promise.all(witnessFiles.map(readKeys))).flat();
  return {
    trust: { origin: logKeys[0]?.name ?? '', logKeys, witnessKeys },
    logFolder: options.logFolder ?? environment['CORDON_LOG_DIR'],
    database: () => {
      if (environment['CORDON_DB_AUDIT_VERIFIER_URL'] === undefined)
        throw new CliError(
          'audit-settings-missing',
          'There is no audit store here: name an export to verify, or set CORDON_DB_AUDIT_VERIFIER_URL.',
        );
      const client = toClientConfig(databaseSettings('audit_verifier', environment), 'cordon audit');
      return { ...client, options: entrySession };
    },
  };
}

async function readKeys(file: string): Promise<VerifierKey[]> {
  return (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map(parseVerifierKey);
}
