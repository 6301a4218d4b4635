import { createHmac, type KeyObject } from 'node:crypto';
import { RowSecurityError } from './error.ts';

/** Who a transaction acts for. Everything in it is a ceiling: policies read memberships again at each statement. */
export interface SealedContext {
  readonly tenantId: string;
  /** Account id; absent for the system. */
  readonly subject?: string | undefined;
  /** `role.clinician`, `role.system` … */
  readonly role: string;
  /** The patient's own record, for role.patient. */
  readonly patientId?: string | undefined;
  /** `purpose.…`, kept for later policies and for who reads the context. */
  readonly purpose?: string | undefined;
  readonly expiresAt: Date;
  /** Clinics that the caller's token names. */
  readonly clinicIds: readonly string[];
  /** Data classes that the access policy lets this caller read or write at all. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

/** Where a seal is valid, and nowhere else. */
export interface SealTarget {
  readonly database: string;
  readonly loginRole: string;
  /** Process id of the backend, as the server told it at connection. */
  readonly backendPid: number;
}

export interface SealKey {
  readonly keyId: string;
  /** 32 bytes, as a KeyObject: a raw Buffer costs 12 µs more at each use. */
  readonly key: KeyObject;
}

export interface Seal {
  readonly payload: string;
  readonly keyId: string;
  readonly tag: Buffer;
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const wordForm = /^[A-Za-z0-9]{1,60}$/;
const roleForm = /^role\.[A-Za-z]{2,30}$/;
const purposeForm = /^[A-Za-z0-9.]{1,80}$/;
/** Long enough for a clinic group's largest membership list, short enough to parse at each statement. */
const mostClinics = 500;

function refuse(detail: string): never {
  throw new RowSecurityError('context-invalid', 'The request could not be given a database context.', {
    detail,
  });
}

function hexOf(id: string, what: string): string {
  if (!uuidForm.test(id)) refuse(`${what} is not a lower-case UUID`);
  return id.replaceAll('-', '');
}

function listOf(values: readonly string[], encode: (value: string) => string): string {
  return values.length === 0 ? '0' : values.map(encode).join(',');
}

function wordOf(value: string): string {
  if (!wordForm.test(value)) refuse('a data class id has other characters than letters and digits');
  return value;
}

/** Writes the context as the words that `cordon.enter` takes (see sql/0001_sealed_context.sql). */
function encodePayload(context: SealedContext): string {
  if (!roleForm.test(context.role)) refuse('the role is not of the form role.name');
  if (context.purpose !== undefined && !purposeForm.test(context.purpose)) refuse('the purpose is malformed');
  if (context.clinicIds.length > mostClinics) refuse(`more than ${mostClinics} clinics`);
  const expiry = Math.floor(context.expiresAt.getTime() / 1000);
  if (!Number.isSafeInteger(expiry) || expiry <= 0) refuse('the expiry is no time');
  return [
    'v1',
    hexOf(context.tenantId, 'tenantId'),
    context.subject === undefined ? '0' : hexOf(context.subject, 'subject'),
    context.role.slice('role.'.length),
    context.patientId === undefined ? '0' : hexOf(context.patientId, 'patientId'),
    context.purpose?.replaceAll('.', '_') ?? '0',
    String(expiry),
    listOf(context.clinicIds, (id) => hexOf(id, 'clinicId')),
    listOf(context.readable, wordOf),
    listOf(context.writable, wordOf),
  ].join(' ');
}

/** The tag that the database's `cordon.seal_verifies` recomputes; also used for audit entries. */
export function sealText(text: string, target: SealTarget, key: SealKey): Buffer {
  return createHmac('sha256', key.key)
    .update(`cordon-seal-v1\n${target.database}\n${target.loginRole}\n${target.backendPid}\n${text}`, 'utf8')
    .digest();
}

/**
 * Seals a context for one backend of one database.
 * @throws RowSecurityError `context-invalid` when an id, role or list does not have its form.
 */
export function sealContext(context: SealedContext, target: SealTarget, key: SealKey): Seal {
  const payload = encodePayload(context);
  return { payload, keyId: key.keyId, tag: sealText(payload, target, key) };
}
