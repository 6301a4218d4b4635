import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { ServiceError } from './error.ts';
import { isSecureAddress } from './loopback.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

function readSecret(path: string, context: z.RefinementCtx): Buffer | typeof z.NEVER {
  try {
    if ((statSync(path).mode & 0o007) !== 0) {
      context.addIssue({ code: 'custom', message: `${path} is readable by everybody: chmod o-rwx` });
      return z.NEVER;
    }
    return readFileSync(path);
  } catch {
    context.addIssue({ code: 'custom', message: `${path} cannot be read` });
    return z.NEVER;
  }
}

/** The environment names a file; the value is its text, without the last line break. */
export const secretFile = z
  .string()
  .min(1)
  .transform((path, context) => {
    const bytes = readSecret(path, context);
    return Buffer.isBuffer(bytes) ? bytes.toString('utf8').replace(/\n$/, '') : bytes;
  });

/** The environment names a file that holds JSON of the shape; what is wrong inside is not told, for it may be a secret. */
export const secretJson = <Shape extends z.ZodType>(shape: Shape) =>
  secretFile.transform((text, context): z.output<Shape> | typeof z.NEVER => {
    try {
      const read = shape.safeParse(JSON.parse(text));
      if (read.success) return read.data;
    } catch {
      // Told below, as what is not of the expected shape.
    }
    context.addIssue({ code: 'custom', message: 'is not JSON of the documented shape' });
    return z.NEVER;
  });

/** A certificate is public, so unlike a secret's its file may be readable by everybody. */
export const certificateFile = z
  .string()
  .min(1)
  .transform((path, context) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      context.addIssue({ code: 'custom', message: `${path} cannot be read` });
      return z.NEVER;
    }
  });

/** The environment names a file that holds exactly `length` bytes, such as a key. */
export const secretBytes = (length: number) =>
  z
    .string()
    .min(1)
    .transform((path, context) => {
      const bytes = readSecret(path, context);
      if (Buffer.isBuffer(bytes) && bytes.length !== length) {
        context.addIssue({ code: 'custom', message: `${path} must hold ${length} bytes` });
        return z.NEVER;
      }
      return bytes;
    });

export const port = z.coerce.number().int().min(0).max(65_535);
/** An absolute URL; http is for this machine alone. */
export const secureUrl = z.url().refine(isSecureAddress, { message: 'must be https beyond this machine' });
/** The same, returned without a trailing slash. */
export const url = secureUrl.transform((value) => value.replace(/\/$/, ''));

/**
 * Reads a process's settings in one place.
 * @throws ServiceError `settings-invalid`, naming every missing or wrong variable at once (never a value).
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment = process.env,
): z.output<Schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return `${name}: ${environment[name] === undefined ? 'is not set' : issue.message}`;
  });
  throw new ServiceError('settings-invalid', `The settings are not complete. ${problems.join('; ')}.`, {
    detail: problems.join('; '),
  });
}
