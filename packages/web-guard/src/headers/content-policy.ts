import { WebGuardError } from '../error.ts';
import { isLoopbackHost } from '../loopback.ts';

/** `page`: an application's page. `sign-in`: a page whose form ends at another origin. `api`: nothing to render. */
export type HeaderProfile = 'page' | 'sign-in' | 'api';

/** What one application needs beyond its own origin. Each entry is an origin, never a path. */
export interface PolicyAdditions {
  readonly connectTo?: readonly string[];
  /** Origins, or `data:` where a style sheet of a library embeds pictures. `blob:` is always allowed. */
  readonly imagesFrom?: readonly string[];
  /**
   * Where forms may be sent. A redirect after a form counts too (CSP 3 §6.3.3), so a sign-in page names each client's
   * origin here; the port may be `*` for a native client's loopback redirect (RFC 8252 §7.3).
   */
  readonly formsTo?: readonly string[];
  /** Whose pages this page may show in a frame: origins, or `'self'`. Nobody's by default. */
  readonly framesFrom?: readonly string[];
  /** Who may show this page in a frame: origins, or `'self'`. Nobody by default. */
  readonly framedBy?: readonly string[];
  /** Names of Trusted Types policies; none by default, which forbids creating any. */
  readonly trustedTypesPolicies?: readonly string[];
}

const policyNameForm = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * A source that holds a keyword, a wildcard host or a semicolon would loosen the whole policy, and plain http beyond
 * this machine can be rewritten on its way: both stop the start.
 */
function checkSource(source: string, alsoAllowed: readonly string[]): string {
  if (alsoAllowed.includes(source)) return source;
  const origin = source.replace(/:\*$/, '');
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  // Only an exact origin survives the round trip: no path, keyword, semicolon, space or upper case. The URL parser
  // lets `*` stand in a host name.
  const exact = url?.origin === origin && !origin.includes('*');
  if (exact && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))))
    return source;
  throw new WebGuardError(
    'policy-source-invalid',
    'A source of the content security policy is not an origin. Correct the options of this server.',
    { detail: `source ${JSON.stringify(source)}` },
  );
}

function checkPolicyName(name: string): string {
  if (policyNameForm.test(name) && name !== 'none') return name;
  throw new WebGuardError(
    'policy-source-invalid',
    'A Trusted Types policy name is not valid. Correct the options of this server.',
    { detail: `name ${JSON.stringify(name)}` },
  );
}

function list(
  base: readonly string[],
  additions: readonly string[] = [],
  alsoAllowed: readonly string[] = [],
) {
  const all = [...base, ...additions.map((source) => checkSource(source, alsoAllowed))];
  return all.length > 0 ? all.join(' ') : "'none'";
}

/**
 * The `Content-Security-Policy` of a profile (CSP 3, Trusted Types). No profile allows inline script or style, eval, or
 * an origin that was not named.
 * @throws WebGuardError `policy-source-invalid`
 */
export function contentSecurityPolicy(profile: HeaderProfile, additions: PolicyAdditions = {}): string {
  const framedBy = `frame-ancestors ${list([], additions.framedBy, ["'self'"])}`;
  if (profile === 'api')
    return `default-src 'none'; base-uri 'none'; form-action 'none'; ${framedBy}; sandbox`;
  const policies = additions.trustedTypesPolicies?.map(checkPolicyName) ?? [];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${list(["'self'", 'blob:'], additions.imagesFrom, ['data:'])}`,
    `connect-src ${list(["'self'"], additions.connectTo)}`,
    "font-src 'self'",
    `frame-src ${list([], additions.framesFrom, ["'self'"])}`,
    // A page's forms are sent by script. One that is sent before the script has loaded would put its fields
    // into the address, so only the sign-in page, which posts, may submit.
    `form-action ${list(profile === 'sign-in' ? ["'self'"] : [], additions.formsTo)}`,
    framedBy,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${policies.length > 0 ? policies.join(' ') : "'none'"}`,
  ].join('; ');
}
