import type { ClientMetadata } from 'oidc-provider';
import type { ClientSettings, InteractiveClient, ServiceClient } from '../settings.ts';

export const isService = (client: ClientSettings): client is ServiceClient =>
  client.token_endpoint_auth_method === 'private_key_jwt';

/** A client of somebody else's: the person decides whether it may act for them. */
export const isForeign = (client: ClientSettings): client is InteractiveClient =>
  !isService(client) && client.first_party === false;

export function toClientMetadata(client: ClientSettings): ClientMetadata {
  return isService(client) ? toServiceMetadata(client) : toInteractiveMetadata(client);
}

/** An integration proves itself with a key of its own (RFC 7523), and signs nobody in. */
function toServiceMetadata(client: ServiceClient): ClientMetadata {
  return {
    client_id: client.client_id,
    client_name: client.client_name ?? client.client_id,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: client.jwks,
    redirect_uris: [],
    grant_types: ['client_credentials'],
    response_types: [],
  };
}

/**
 * Confidential clients push their requests (RFC 9126), so that nothing of them can be altered in the browser. Every
 * client gets codes only, in the query, at redirect URIs that are compared exactly (RFC 9700, 2.1); a native client's
 * loopback port may differ (RFC 8252, 7.3).
 */
function toInteractiveMetadata(client: InteractiveClient): ClientMetadata {
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
  const interactive = clients.filter((client) => !isService(client));
  const origins = interactive.flatMap((client) =>
    [...client.redirect_uris, ...client.post_logout_redirect_uris].map((uri) =>
      client.application_type === 'native' ? `${new URL(uri).origin}:*` : new URL(uri).origin,
    ),
  );
  return [...new Set(origins)];
}
