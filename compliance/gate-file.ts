import { ControlGateError, isDay } from '@cordon/control-gate';
import { z } from 'zod';

const gateFileSchema = z.strictObject({
  /** The day patients come, `YYYY-MM-DD`; null before it is known. */
  launch: z.string().refine(isDay, 'is no day such as 2026-01-31').nullable(),
  /** Which environments hold real patients' data; production always does. */
  patientData: z.strictObject({ development: z.boolean(), staging: z.boolean() }),
  /** Vendors that the register of agreements may name. */
  vendors: z.array(z.string().min(1)).min(1),
});

export type GateFile = z.output<typeof gateFileSchema>;

/**
 * Reads `compliance/gate.json`.
 * @throws ControlGateError `register-malformed`
 */
export function readGateFile(text: string): GateFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ControlGateError('register-malformed', 'compliance/gate.json is no JSON: correct it.', {
      cause,
    });
  }
  const read = gateFileSchema.safeParse(json);
  // Of a key that stands twice people see the first and programs take the last.
  if (text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1') !== JSON.stringify(json))
    throw new ControlGateError(
      'register-malformed',
      'compliance/gate.json says a thing twice, or in another way than it is read: correct it.',
    );
  if (read.success) return read.data;
  throw new ControlGateError('register-malformed', 'compliance/gate.json is not as it must be: correct it.', {
    detail: z.prettifyError(read.error),
  });
}
