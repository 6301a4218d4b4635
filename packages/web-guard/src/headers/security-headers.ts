import { isLoopbackHost } from '../loopback.ts';
import { contentSecurityPolicy, type HeaderProfile, type PolicyAdditions } from './content-policy.ts';
import { permissionsPolicy, type PermissionFeature } from './permissions-policy.ts';

export interface SecurityHeaderOptions {
  readonly profile: HeaderProfile;
  readonly additions?: PolicyAdditions;
  /** Features that this application's own pages may use, such as `publickey-credentials-get` where people sign in. */
  readonly permissions?: readonly PermissionFeature[];
}

/** Two years, as the preload list asks (hstspreload.org). */
const strictTransport = 'max-age=63072000; includeSubDomains; preload';

/**
 * The security headers of every answer of a server, by lower-case name.
 * @param hostname the host that the request named, without port. On loopback `Strict-Transport-Security` is left out:
 *   it would bind every port of the developer's machine to TLS.
 * @throws WebGuardError `policy-source-invalid` when an addition is not an origin.
 */
export function securityHeaders(options: SecurityHeaderOptions, hostname: string): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(options.profile, options.additions),
    'permissions-policy': permissionsPolicy(options.permissions),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    // `no-referrer` makes browsers send `Origin: null` with a form (Fetch, "append a request Origin header"), which a
    // sign-in page could not tell from a sandboxed attacker.
    'referrer-policy': options.profile === 'sign-in' ? 'same-origin' : 'no-referrer',
    'x-content-type-options': 'nosniff',
    // What older browsers read in the place of `frame-ancestors`.
    'x-frame-options': options.additions?.framedBy?.join() === "'self'" ? 'SAMEORIGIN' : 'DENY',
    'x-dns-prefetch-control': 'off',
    'cache-control': 'no-store',
    ...(isLoopbackHost(hostname) ? {} : { 'strict-transport-security': strictTransport }),
  };
}
