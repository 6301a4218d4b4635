import { randomPKCECodeVerifier, type Configuration } from 'openid-client';
import type { Browser } from './browser.ts';
import { password, type IdentityUnderTest, type Person } from './identity-under-test.ts';
import {
  discover,
  openSignIn,
  requestParameters,
  type IssuerPlace,
  type OpenedPage,
} from './relying-party.ts';

/** A sign-in page that is open in one browser. */
export interface Page extends OpenedPage {
  /** What proves at the token endpoint that the code is the page's (RFC 7636). */
  readonly verifier: string;
  readonly configuration: Configuration;
}

export async function openPage(
  identity: IssuerPlace,
  parameters: Record<string, string> = {},
  browser?: Browser,
  known?: Configuration,
): Promise<Page> {
  const verifier = randomPKCECodeVerifier();
  const request = await requestParameters(verifier, parameters);
  const configuration = known ?? (await discover(identity));
  return { ...(await openSignIn(identity, configuration, request, browser)), verifier, configuration };
}

export async function post({ browser, page }: OpenedPage, step: string, body: unknown = {}) {
  const response = await browser.ask(`${page}/${step}`, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export const givePassword = (page: OpenedPage, person: Person) =>
  post(page, 'password', { email: person.email, password });

/** What the audit store holds about an account, in order. */
export async function auditOf(identity: IdentityUnderTest, accountId: string) {
  const { rows } = await identity.auditAdmin.query<{ action: string; reason_code: string }>(
    'SELECT action, reason_code FROM audit.audit_logs WHERE actor_subject = $1 ORDER BY at',
    [accountId],
  );
  return rows;
}
