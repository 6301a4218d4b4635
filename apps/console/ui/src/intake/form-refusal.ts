import { RequestError } from '@cordon/clinic-page';

const LONGEST_READING = 2_000;
const MOST_READINGS = 50;

/** A form that was refused field by field: what was read, with card numbers gone, so that a person can put it right. */
export class FormRefusal extends RequestError {
  /** By field; absent where nothing was read. */
  readonly readings: ReadonlyMap<string, string>;

  constructor(refused: RequestError, readings: ReadonlyMap<string, string>) {
    const { requestId, retryAfterSeconds } = refused;
    super(refused.code, refused.publicMessage, {
      status: refused.status,
      fields: refused.fields,
      ...(requestId === undefined ? {} : { requestId }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      cause: refused.cause,
    });
    this.name = 'FormRefusal';
    this.readings = readings;
  }
}

/** Fields of the form that a person can type; what the engine names besides cannot be corrected here. */
export const CORRECTABLE: ReadonlySet<string> = new Set([
  'fullName',
  'dateOfBirth',
  'address',
  'postcode',
  'phone',
  'email',
  'nhsNumber',
  'emergencyContact',
  'allergies',
  'medication',
  'medicalHistory',
  'reasonForVisit',
  'notes',
]);

/** What a problem document says was read, whatever else it holds. */
export function readReadings(body: unknown): Map<string, string> {
  const fields: unknown = typeof body === 'object' && body !== null && 'fields' in body ? body.fields : [];
  const readings = new Map<string, string>();
  for (const entry of Array.isArray(fields) ? fields.slice(0, MOST_READINGS) : []) {
    const { field, read } = (entry ?? {}) as { field?: unknown; read?: unknown };
    if (typeof field === 'string' && typeof read === 'string')
      readings.set(field, read.slice(0, LONGEST_READING));
  }
  return readings;
}

/** True where a person can put the refused fields right without a new scan. */
export function canCorrect(error: unknown): error is FormRefusal {
  return (
    error instanceof FormRefusal &&
    error.status === 422 &&
    error.fields.some(({ field }) => CORRECTABLE.has(field))
  );
}
