import {
  databaseSettings,
  readSettings,
  secretFile,
  toClientConfig,
  type Environment,
} from '@cordon/service';
import {
  parseSigningKey,
  parseVerifierKey,
  TransparencyLogError,
  type SigningKey,
} from '@cordon/transparency-log';
import type { ClientConfig } from 'pg';
import { z } from 'zod';
import { readBuckets, type LogBucket } from './log-bucket.ts';
import { readAddress } from './read-address.ts';
import type { WitnessAddress } from './witnesses.ts';

export interface SequencerSettings {
  readonly database: ClientConfig;
  /** Its name is the log's origin. No other process has it. */
  readonly signingKey: SigningKey;
  /** Where the log is published. */
  readonly folder: string;
  /** Further folders that hold a copy: another disk, a mounted share, a bucket's sync folder. */
  readonly copies: readonly string[];
  /** Copies in object stores. */
  readonly buckets: readonly LogBucket[];
  /** Who is asked to cosign kept checkpoints. */
  readonly witnesses: readonly WitnessAddress[];
  /** Years that entries are kept; whole months are dropped after that. */
  readonly keepYears: number;
}

/** @throws ServiceError `settings-invalid`; TransparencyLogError `signing-key-malformed` */
export function readSequencerSettings(environment: Environment = process.env): SequencerSettings {
  const settings = readSettings(
    z.object({
      CORDON_LOG_SIGNING_KEY_FILE: secretFile,
      CORDON_LOG_DIR: z.string().min(1),
      CORDON_LOG_COPY_DIRS: z.string().optional(),
      CORDON_LOG_BUCKETS_FILE: secretFile.optional(),
      CORDON_LOG_WITNESSES_FILE: secretFile.optional(),
      CORDON_AUDIT_KEEP_YEARS: z.coerce.number().int().min(1).max(100).default(7),
    }),
    environment,
  );
  return {
    database: toClientConfig(databaseSettings('sequencer', environment), 'cordon sequencer'),
    signingKey: parseSigningKey(settings.CORDON_LOG_SIGNING_KEY_FILE),
    folder: settings.CORDON_LOG_DIR,
    keepYears: settings.CORDON_AUDIT_KEEP_YEARS,
    buckets: readBuckets(settings.CORDON_LOG_BUCKETS_FILE ?? ''),
    witnesses: readWitnesses(settings.CORDON_LOG_WITNESSES_FILE ?? ''),
    copies: (settings.CORDON_LOG_COPY_DIRS ?? '').split(',').filter((folder) => folder !== ''),
  };
}

/**
 * A witness a line: its submission prefix, a space, its verifier key.
 * @throws TransparencyLogError for a key that is none, or not for cosignatures; ServiceError `settings-invalid` for an address that is
 * none, or is not https beyond this machine
 */
export function readWitnesses(text: string): WitnessAddress[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [url = '', key = ''] = line.trim().split(/\s+/);
    const verifierKey = parseVerifierKey(key);
    if (verifierKey.kind !== 'cosignature')
      throw new TransparencyLogError('verifier-key-unsupported', { detail: 'it is not for cosignatures' });
    return { url: readAddress('CORDON_LOG_WITNESSES_FILE', url), key: verifierKey };
  });
}
