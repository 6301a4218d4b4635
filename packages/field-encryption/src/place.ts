import { hash } from 'node:crypto';

/** Where a cell belongs. A ciphertext that is moved to another place is refused at decryption. */
export interface CellPlace {
  readonly tenantId: string;
  /** Schema-qualified, `clinical.patients`. */
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

export const placeLength = 16;

/** The first 16 bytes of SHA-256(tenant | table | column | id), each part ended by a NUL so that none runs into the next. */
export function placeDigest(place: CellPlace): Buffer {
  const named = `${place.tenantId}\0${place.table}\0${place.column}\0${place.rowId}\0`;
  return hash('sha256', named, 'buffer').subarray(0, placeLength);
}
