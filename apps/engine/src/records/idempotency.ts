import { randomUUID } from 'node:crypto';
import { blindToken } from '@cordon/field-encryption';
import type { Transaction } from '@cordon/row-security';
import type { RequestCaller } from '../caller/caller.ts';
import { EngineError } from '../error.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';

/** A create that its sender may repeat, in the form in which the store knows it: neither key nor body can be read there. */
export interface RepeatableCreate {
  readonly keyToken: Buffer;
  readonly bodyToken: Buffer;
}

const keyForm = /^[A-Za-z0-9_-]{8,128}$/;

/**
 * Reads an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header; with or without the quotes of a structured
 * string). Null where none was sent.
 * @throws EngineError `idempotency-key-invalid`.
 */
export async function readIdempotencyKey(
  engine: EngineContext,
  caller: RequestCaller,
  header: unknown,
  request: { readonly route: string; readonly body: unknown },
): Promise<RepeatableCreate | null> {
  if (header === undefined) return null;
  const key = typeof header === 'string' ? header.replace(/^"(.*)"$/, '$1') : '';
  if (!keyForm.test(key)) throw new EngineError('idempotency-key-invalid');
  const repeat = await engine.tenantKeys.current(caller.tenantId, 'repeat');
  const repeatable = {
    keyToken: blindToken(repeat.key, 'idempotency-key', `${request.route} ${key}`),
    bodyToken: blindToken(repeat.key, 'idempotency-body', JSON.stringify(request.body)),
  };
  repeat.key.fill(0);
  return repeatable;
}

/**
 * The record that an earlier request with this key made; null where there was none.
 * @throws EngineError `idempotency-key-reused` when that request had another body.
 */
export async function findRepeated(
  transaction: Transaction,
  caller: RequestCaller,
  create: RepeatableCreate,
): Promise<string | null> {
  const { rows } = await transaction.query<{ record_id: string; body_token: Buffer }>(
    `SELECT record_id, body_token FROM clinical.idempotency_keys
     WHERE tenant_id = $1 AND account_id = $2 AND key_token = $3`,
    [caller.tenantId, caller.subject, create.keyToken],
  );
  const [found] = rows;
  if (found === undefined) return null;
  if (!found.body_token.equals(create.bodyToken)) throw new EngineError('idempotency-key-reused');
  return found.record_id;
}

/** Thrown inside the transaction of the request that came second, to take its row back. */
export class CreateRepeated extends Error {
  override readonly name = 'CreateRepeated';
}

/** Claims the key for this record. Of two at once the later waits for the first to commit, and then finds it taken. */
export async function claimKey(
  transaction: Transaction,
  caller: RequestCaller,
  create: RepeatableCreate,
  recordId: string,
): Promise<void> {
  const { rowCount } = await transaction.query(
    `INSERT INTO clinical.idempotency_keys (tenant_id, id, account_id, key_token, body_token, record_id)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, account_id, key_token) DO NOTHING`,
    [caller.tenantId, randomUUID(), caller.subject, create.keyToken, create.bodyToken, recordId],
  );
  if (rowCount !== 1) throw new CreateRepeated('the key was used while this request ran');
}
