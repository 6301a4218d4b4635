import { ServiceError, isPublicError } from './error.ts';

/** RFC 9457 problem document, with the members Cordon adds. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  requestId: string;
  fields?: readonly { readonly field: string; readonly reason: string }[];
}

interface FastifyShaped {
  code?: unknown;
  statusCode?: unknown;
  validation?: unknown;
}

function fieldsOf(validation: unknown): { field: string; reason: string }[] {
  if (!Array.isArray(validation)) return [];
  return validation.slice(0, 50).map((entry: { instancePath?: unknown; keyword?: unknown }) => ({
    field: typeof entry.instancePath === 'string' ? entry.instancePath : '',
    reason: typeof entry.keyword === 'string' ? entry.keyword : 'invalid',
  }));
}

/** Fastify's own refusals carry messages that may quote the input, so each is replaced by one of ours. */
function translate(error: unknown): ServiceError | undefined {
  const { code, statusCode, validation } = error as FastifyShaped;
  if (validation !== undefined)
    return new ServiceError('request-invalid', 'The request does not have the expected form. Correct the named fields.', { fields: fieldsOf(validation) });
  if (statusCode === 413 || code === 'FST_ERR_CTP_BODY_TOO_LARGE' || code === 'FST_REQ_FILE_TOO_LARGE')
    return new ServiceError('body-too-large', 'The request is larger than this address accepts. Send less.');
  if (statusCode === 415)
    return new ServiceError('media-type-unsupported', 'This address does not accept that content type. See the API description.');
  if (statusCode === 406)
    return new ServiceError('media-type-unsupported', 'The request must be multipart/form-data. See the API description.');
  if (statusCode === 429)
    return new ServiceError('rate-limited', 'Too many requests. Wait a moment, then try again.');
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new ServiceError('request-invalid', 'The request could not be read. Check its form and try again.');
  return undefined;
} // prettier-ignore

/** Turns whatever was thrown into what may be told; anything unknown is told as an internal error. */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = isPublicError(error)
    ? error
    : (translate(error) ??
      new ServiceError(
        'internal',
        'Something went wrong here. Try again, and quote the request id if it lasts.',
      ));
  const status = known.status ?? 500;
  return {
    type: `urn:cordon:problem:${known.code}`,
    title: known.publicMessage,
    status,
    code: known.code,
    requestId,
    ...(known.fields && known.fields.length > 0 ? { fields: known.fields } : {}),
  };
}
