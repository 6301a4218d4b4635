import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CordonServer } from '@cordon/service';

/** Under which the protocol is served; where each stands for the request guard. */
export const providerRoutes = {
  pages: ['/authorize', '/authorize/:uid', '/sign-out', '/sign-out/success'],
  forms: ['/sign-out/confirm'],
  machines: [
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/jwks',
    '/token',
    '/par',
    '/revoke',
  ],
} as const;

/**
 * The library builds addresses from the request. Host and scheme are pinned to the issuer's, so that no header of a
 * client or proxy can bend a redirect or a cookie.
 */
export function pinOrigin(request: IncomingMessage, issuer: URL): void {
  request.headers.host = issuer.host;
  request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  delete request.headers['x-forwarded-host'];
  delete request.headers['x-forwarded-for'];
}

/** Hands the protocol's addresses to the library, untouched bodies included. */
export async function mountProvider(
  server: CordonServer,
  issuer: string,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<void> {
  const origin = new URL(issuer);
  await server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // The library reads bodies itself, up to 56 KiB.
    scope.addContentTypeParser('*', (_request, _payload, parsed) => {
      parsed(null);
    });
    for (const url of Object.values(providerRoutes).flat())
      scope.route({
        method: ['GET', 'POST'],
        url,
        handler: async (request, reply) => {
          for (const [name, value] of Object.entries(reply.getHeaders()))
            if (value !== undefined) reply.raw.setHeader(name, value);
          reply.hijack();
          pinOrigin(request.raw, origin);
          await handle(request.raw, reply.raw);
        },
      });
    done();
  });
}
