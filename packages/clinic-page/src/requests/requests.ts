import { RequestError, errorFromAnswer, requestError } from './request-error.ts';

/** A page of another origin cannot set this header without a preflight, which the server refuses. */
export const OWN_REQUEST = { 'x-cordon-request': '1' } as const;

interface RequestOptions {
  readonly signal?: AbortSignal;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** By somebody: waiting no longer, as `AbortSignal.timeout` does, tells of a server that does not answer. */
function wasCancelled(signal: AbortSignal | null | undefined): boolean {
  return signal?.aborted === true && (signal.reason as Partial<Error>).name !== 'TimeoutError';
}

/** Throws {@link RequestError} for every answer that is not a success. */
async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: 'no-store', redirect: 'error' });
  } catch (cause) {
    throw requestError(wasCancelled(init.signal) ? 'cancelled' : 'unreachable', cause);
  }
  if (response.ok) return response;
  const wait = response.headers.get('retry-after');
  throw errorFromAnswer(response.status, await readJson(response), wait, Date.now());
}

async function send<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await ask(path, init);
  if (response.status === 204) return undefined as Answer;
  const body = await readJson(response);
  // The server is ours and of the same build; a body that is not JSON at all is a proxy's page.
  if (body === undefined)
    throw new RequestError('failed', 'The server’s answer could not be read. Try again.');
  return body as Answer;
}

/** Throws {@link RequestError}. */
export function getJson<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  return send(path, {
    headers: { accept: 'application/json', ...OWN_REQUEST },
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** A picture, which an element could not ask for by itself: it sends no header. Throws {@link RequestError}. */
export async function getPicture(path: string, { signal }: RequestOptions = {}): Promise<Blob> {
  const response = await ask(path, {
    headers: { accept: 'image/png', ...OWN_REQUEST },
    ...(signal ? { signal } : {}),
  });
  try {
    return await response.blob();
  } catch (cause) {
    // The answer was cut short: what came is no picture.
    throw requestError(signal?.aborted === true ? 'cancelled' : 'unreachable', cause);
  }
}

interface ChangeOptions extends RequestOptions {
  /** Under which a create is done once, however often it is sent. */
  readonly idempotencyKey?: string;
  /** The entity tag of what was read: a change of something that has changed since is refused. */
  readonly ifMatch?: string;
}

function change<Answer>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body: object | undefined,
  { idempotencyKey, ifMatch, signal }: ChangeOptions,
): Promise<Answer> {
  return send(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      ...OWN_REQUEST,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}

/** Throws {@link RequestError}. */
export function postJson<Answer>(path: string, body?: object, options: ChangeOptions = {}): Promise<Answer> {
  return change('POST', path, body, options);
}

/** Throws {@link RequestError}. */
export function patchJson<Answer>(path: string, body: object, options: ChangeOptions = {}): Promise<Answer> {
  return change('PATCH', path, body, options);
}

/** Throws {@link RequestError}. */
export function deleteJson<Answer>(path: string): Promise<Answer> {
  return change('DELETE', path, undefined, {});
}

/**
 * Fetches a file and hands it to the browser to keep. A plain link would do without script, but could not carry the header that
 * keeps other sites from asking. Throws {@link RequestError}.
 */
export async function downloadFile(path: string, name: string): Promise<void> {
  const response = await ask(path, { headers: { ...OWN_REQUEST } });
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the file's content over by the time that the next task runs.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  });
}

/** Builds a query string from the parts that have a value. */
export function withQuery(path: string, parts: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value) query.set(name, value);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
