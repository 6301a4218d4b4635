/** How far a console has read, by clinic: the number of the last event that it was given. */
export type AlertCursor = ReadonlyMap<string, bigint>;

const longestCursor = 8_192;
const part = /^([0-9a-f-]{36})\.([0-9]{1,18})$/;

/** As the `id` of a server-sent event (WHATWG HTML, 9.2): `<clinic>.<number>`, joined by commas. */
export function writeAlertCursor(cursor: AlertCursor): string {
  return [...cursor].map(([clinicId, last]) => `${clinicId}.${last}`).join(',');
}

/**
 * What a console sent back as `Last-Event-ID`, for these clinics alone. Undefined where it is not one of ours or leaves a
 * clinic out: the console then begins anew and is told what is open.
 */
export function readAlertCursor(
  text: string | undefined,
  clinicIds: readonly string[],
): AlertCursor | undefined {
  if (text === undefined || text.length > longestCursor) return undefined;
  const given = new Map<string, bigint>();
  for (const piece of text.split(',')) {
    const [, clinicId, last] = part.exec(piece) ?? [];
    if (clinicId === undefined || last === undefined) return undefined;
    given.set(clinicId, BigInt(last));
  }
  const cursor = new Map<string, bigint>();
  for (const clinicId of clinicIds) {
    const last = given.get(clinicId);
    if (last === undefined) return undefined;
    cursor.set(clinicId, last);
  }
  return cursor;
}
