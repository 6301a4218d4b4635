import type { ClientMetadata } from 'oidc-provider';
import type { ClientSettings } from '../settings.ts';

/**
 * Confidential clients push their requests (RFC 9126), so that nothing of them can be altered in the browser. Every
 * client gets codes only, in the query, at redirect URIs that are compared exactly (RFC 9700, 2.1); a native client's
 * loopback port may differ (RFC 8252, 7.3).
 */
export function toClientMetadata(client: ClientSettings): ClientMetadata {
  const confidential = client.token_endpoint_auth_method !== 'none';
  return {
    client_id: client.client_id,
    client_name: client.client_name ?? client.client_id,
    ...(client.client_secret === undefined ? {} : { client_secret: client.client_secret }),
    application_type: client.application_type,
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    redirect_uris: client.redirect_uris,
    post_logout_redirect_uris: client.post_logout_redirect_uris,
    ...(client.backchannel_logout_uri === undefined
      ? {}
      : {
          backchannel_logout_uri: client.backchannel_logout_uri,
          backchannel_logout_session_required: true,
        }),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    response_modes: ['query'],
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: confidential,
  };
}

/** Where a form of ours may end after redirects: the clients' own origins. */
export function clientOrigins(clients: readonly ClientSettings[]): string[] {
  const origins = clients.flatMap((client) =>
    [...client.redirect_uris, ...client.post_logout_redirect_uris].map((uri) =>
      client.application_type === 'native' ? `${new URL(uri).origin}:*` : new URL(uri).origin,
    ),
  );
  return [...new Set(origins)];
}
