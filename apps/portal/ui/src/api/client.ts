import { RequestError, errorFromAnswer } from './request-error.ts';

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/**
 * Asks the portal's own server. The header is one that a page of another origin cannot set without a preflight, which the server
 * refuses. Throws {@link RequestError}.
 */
export async function requestJson<Answer>(
  method: 'GET' | 'POST',
  path: string,
  signal?: AbortSignal,
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { accept: 'application/json', 'x-cordon-request': '1' },
      cache: 'no-store',
      redirect: 'error',
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    throw new RequestError('unreachable', { cause });
  }
  const body = await readJson(response);
  if (!response.ok) throw errorFromAnswer(response.status, body);
  // A body that is not JSON at all is a proxy's page.
  if (body === undefined) throw new RequestError('failed');
  return body as Answer;
}
