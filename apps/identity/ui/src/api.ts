export interface TenantChoice {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly role: string;
}

/** What a client that is not of this installation would be given. */
export interface Consent extends TenantChoice {
  readonly host: string;
  readonly seesName: boolean;
  readonly clinics: readonly { readonly name: string; readonly writes: boolean }[];
}

/** Where an administrator may invite people. */
export interface Administered {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly clinics: readonly { id: string; name: string }[];
  /** The whole of it, and so every role in it. */
  readonly wholeTenant: boolean;
}

export interface Managed {
  readonly administers: readonly Administered[];
  readonly ways: readonly ('code' | 'passkey')[];
  readonly shortest: number;
  readonly sessions: readonly { sid: string; clientId: string; since: string }[];
}

/** What the server asks for next; see the README of this app. */
export type Step =
  | { readonly step: 'password' }
  | { readonly step: 'code'; readonly ways: readonly ('code' | 'passkey')[]; readonly confirms?: true }
  | { readonly step: 'enrol'; readonly secret: string; readonly address: string }
  | { readonly step: 'new-password'; readonly shortest: number }
  | ({ readonly step: 'manage' } & Managed)
  | { readonly step: 'approved'; readonly code: string; readonly usableFrom: string }
  | { readonly step: 'invited' }
  | { readonly step: 'recovery'; readonly codes: readonly string[] }
  | { readonly step: 'tenant'; readonly choices: readonly TenantChoice[] }
  | ({ readonly step: 'consent' } & Consent)
  | { readonly step: 'continue' }
  | { readonly step: 'done'; readonly redirectTo: string };

export type Action =
  | 'password'
  | 'code'
  | 'passkey'
  | 'new-password'
  | 'enrolment'
  | 'enrolment/begin'
  | 'passkey-enrolment'
  | 'recovery-codes'
  | 'sessions/end'
  | 'approval'
  | 'invitation'
  | 'manage'
  | 'tenant'
  | 'consent'
  | 'continue'
  | 'cancel';

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

type Reply =
  { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly problem: Problem };

const here = (path: string) => `${window.location.pathname}/${path}`;

async function ask(address: string, init: RequestInit): Promise<Reply> {
  try {
    const response = await fetch(address, { ...init, cache: 'no-store' });
    const body = (await response.json()) as { code?: string; title?: string };
    if (response.ok) return { ok: true, body };
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

function toAnswer(reply: Reply): Answer {
  if (!reply.ok) return reply;
  const step = reply.body as Step & { clientName?: string };
  return { ok: true, step, clientName: step.clientName };
}

const post = (address: string, body: object) =>
  ask(address, {
    method: 'POST',
    headers: { ...own, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

export async function readState(): Promise<Answer> {
  return toAnswer(await ask(here('state'), { headers: own }));
}

export async function send(action: Action, body: object = {}): Promise<Answer> {
  return toAnswer(await post(here(action), body));
}

/** What the browser needs to ask the authenticator: Web Authentication's options in JSON. */
export function readOptions(ceremony: 'passkey' | 'passkey-enrolment'): Promise<Reply> {
  return post(here(`${ceremony}/options`), {});
}

/** Asks for a letter with a link; the answer is the same whoever asks. */
export function requestLink(email: string): Promise<Reply> {
  return post('/recovery/requests', { email });
}

/** Sets a password with the value of a link or an invitation, or an administrator's code. */
export function redeem(token: string, password: string): Promise<Reply> {
  return post('/recovery/redemptions', { token, password });
}
