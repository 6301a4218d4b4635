import { ServiceError } from '@cordon/service';
import type { z } from 'zod';

/** @throws ServiceError `request-invalid`, naming fields and reasons, never what was sent. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ServiceError('request-invalid', 'Something is missing or too long. Check what you entered.', {
    fields: result.error.issues.map((issue) => ({ field: issue.path.join('.'), reason: issue.code })),
  });
}
