import { chmod, readFile, writeFile } from 'node:fs/promises';
import {
  listenerTlsSettings,
  port,
  readSettings,
  toListenerTls,
  type Environment,
  type ListenerTls,
} from '@cordon/service';
import {
  formatSigningKey,
  generateSigningKey,
  parseSigningKey,
  parseVerifierKey,
  type SigningKey,
  type VerifierKey,
} from '@cordon/transparency-log';
import { z } from 'zod';

export interface WitnessSettings {
  readonly host: string;
  readonly port: number;
  /** Where the process itself serves TLS. */
  readonly tls?: ListenerTls | undefined;
  /** For cosignatures. */
  readonly key: SigningKey;
  /** The logs that it watches, by origin. During a change of keys a log has two. */
  readonly logs: ReadonlyMap<string, readonly VerifierKey[]>;
  /** Where it remembers what it cosigned last. Held by one process at a time. */
  readonly folder: string;
}

/** @throws ServiceError `settings-invalid`; TransparencyLogError for a key that is none */
export async function readWitnessSettings(environment: Environment = process.env): Promise<WitnessSettings> {
  const settings = readSettings(
    z.object({
      CORDON_HOST: z.string().default('127.0.0.1'),
      CORDON_PORT: port,
      ...listenerTlsSettings,
      CORDON_WITNESS_NAME: z.string().min(1).max(200),
      CORDON_WITNESS_KEY_FILE: z.string().min(1),
      CORDON_WITNESS_LOGS_FILE: z.string().min(1),
      CORDON_WITNESS_DIR: z.string().min(1),
    }),
    environment,
  );
  const lines = (await readFile(settings.CORDON_WITNESS_LOGS_FILE, 'utf8')).split('\n');
  const logs = new Map<string, VerifierKey[]>();
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const key = parseVerifierKey(line.trim());
    logs.set(key.name, [...(logs.get(key.name) ?? []), key]);
  }
  return {
    host: settings.CORDON_HOST,
    port: settings.CORDON_PORT,
    tls: toListenerTls(settings),
    key: await takeKey(settings.CORDON_WITNESS_KEY_FILE, settings.CORDON_WITNESS_NAME),
    logs,
    folder: settings.CORDON_WITNESS_DIR,
  };
}

/** The key is made at the first start and never leaves the machine. */
async function takeKey(file: string, name: string): Promise<SigningKey> {
  try {
    await writeFile(file, `${formatSigningKey(generateSigningKey(name, 'cosignature'))}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    await chmod(file, 0o600);
  }
  return parseSigningKey((await readFile(file, 'utf8')).trim());
}
