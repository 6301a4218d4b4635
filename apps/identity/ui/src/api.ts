export interface TenantChoice {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly role: string;
}

/** What the server asks for next; see the README of this app. */
export type Step =
  | { readonly step: 'password' }
  | { readonly step: 'code' }
  | { readonly step: 'enrol'; readonly secret: string; readonly address: string }
  | { readonly step: 'recovery'; readonly codes: readonly string[] }
  | { readonly step: 'tenant'; readonly choices: readonly TenantChoice[] }
  | { readonly step: 'continue' }
  | { readonly step: 'done'; readonly redirectTo: string };

export type Action = 'password' | 'code' | 'enrolment' | 'tenant' | 'continue' | 'cancel';

export interface Problem {
  readonly code: string;
  readonly text: string;
}

export type Answer =
  | { readonly ok: true; readonly step: Step; readonly clientName: string | undefined }
  | { readonly ok: false; readonly problem: Problem };

const unreachable: Problem = {
  code: 'unreachable',
  text: 'The sign-in service cannot be reached. Check your connection and try again.',
};

async function ask(path: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(`${window.location.pathname}/${path}`, { ...init, cache: 'no-store' });
    const body = (await response.json()) as Step & { clientName?: string; code?: string; title?: string };
    if (response.ok) return { ok: true, step: body, clientName: body.clientName };
    const wait = Number(response.headers.get('retry-after'));
    const title = body.title ?? unreachable.text;
    const text = response.status === 429 && wait > 0 ? `${title} (${describeWait(wait)})` : title;
    return { ok: false, problem: { code: body.code ?? 'unknown', text } };
  } catch {
    return { ok: false, problem: unreachable };
  }
}

function describeWait(seconds: number): string {
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

/** No page of another site can set this header; the server answers only requests that carry it. */
const own = { 'x-cordon-request': '1', accept: 'application/json' };

export function readState(): Promise<Answer> {
  return ask('state', { headers: own });
}

export function send(action: Action, body: object = {}): Promise<Answer> {
  return ask(action, {
    method: 'POST',
    headers: { ...own, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
