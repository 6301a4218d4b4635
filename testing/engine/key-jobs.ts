import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createLocalKeyFiles } from '../../packages/field-encryption/index.ts';
import type { KeyWork } from '../../apps/engine/src/keys/key-work.ts';
import { childEnvironment } from '../child-environment.ts';
import type { TestEngine } from './run-engine.ts';

const entry = fileURLToPath(new URL('../../apps/engine/src/keys-job.ts', import.meta.url));

export interface KeyJob {
  readonly answer: Record<string, unknown>;
  readonly told: string;
}

/** Runs `keys-job.ts` as its own process, as `cordon keys` does; `killAfter` ends it by SIGKILL after so many milliseconds. */
export async function runKeyJob(
  engine: TestEngine,
  request: object,
  killAfter?: number,
): Promise<KeyJob | 'killed'> {
  const child = spawn(process.execPath, ['--conditions=cordon-source', entry], {
    env: { ...childEnvironment, ...engine.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 240_000,
    ...(killAfter !== undefined && {
      timeout: Math.max(1, Math.round(killAfter)),
      killSignal: 'SIGKILL' as const,
    }),
  });
  // One that was killed at its start reads nothing.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(request));
  let answer = '';
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (told += chunk));
  const signal = await new Promise((resolve) => {
    child.once('close', (_code, by) => {
      resolve(by);
    });
  });
  if (signal === 'SIGKILL') return 'killed';
  if (answer === '')
    throw new Error(`The job ended by ${String(signal)} without an answer. It said: ${told}`);
  return { answer: JSON.parse(answer) as Record<string, unknown>, told };
}

/** The same work in this process. */
export function keyWorkOf(engine: TestEngine): KeyWork {
  const root = createLocalKeyFiles(engine.environment['CORDON_ROOT_KEY_FILE'] ?? '');
  return { ...engine.running.engine, root };
}

/** Forgets every key, so that the next read asks the vault and key management. */
export function forgetKeys(engine: TestEngine): void {
  engine.running.engine.patientKeys.forgetAll();
  engine.running.engine.tenantKeys.forgetAll();
}

/** Asks a store as its administrator. */
export async function ask<Row extends pg.QueryResultRow>(
  engine: TestEngine,
  store: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client(engine.stores.admin(store));
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** The patient's name as the account reads it, or the status of the refusal. */
export async function readName(engine: TestEngine, patient: string, by: string): Promise<string | number> {
  const path = `/v1/patients/${engine.account(patient).patientRecordId ?? ''}`;
  const answer = await engine.send(engine.account(by), path);
  if (answer.status !== 200) return answer.status;
  return ((await answer.json()) as { profile: { fullName: string } }).profile.fullName;
}

/** Every patient's name as the store has it, and the key it is under. */
export const readCells = (engine: TestEngine): Promise<{ cell: string; key_id: string }[]> =>
  ask(
    engine,
    'clinical',
    `SELECT encode(full_name, 'hex') AS cell, key_id FROM clinical.patients ORDER BY id`,
  );

/** Every patient's key as the vault has it, and the key it is wrapped under. */
export const readKeyRows = (
  engine: TestEngine,
): Promise<{ id: string; tenant_key_id: string; wrapped: string }[]> =>
  ask(
    engine,
    'vault',
    `SELECT id, tenant_key_id, encode(wrapped, 'hex') AS wrapped FROM vault.patient_keys ORDER BY id`,
  );
