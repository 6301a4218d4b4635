import {
  createCookie,
  createRateLimit,
  sessionEnded,
  WebGuardError,
  type RateLimit,
} from '@cordon/web-guard';
import { decodeJwt } from 'jose';
import type { CordonServer } from '@cordon/service';
import type { FastifyRequest } from 'fastify';
import type { WebSettings } from './settings.ts';
import { issueVisitorToken, newVisit, readVisit, visitorTokens } from './visitor-tokens.ts';

/** A visit costs a signature and a row of counts; each question renews it. */
const visits = { name: 'web/visits', limit: 60, windowSeconds: 60 };
const questions = { name: 'web/api', limit: 60, windowSeconds: 60 };
/** Somebody at the clinic reads each enquiry: far fewer, of one address and of all together. */
const enquiries = { name: 'web/enquiries', limit: 10, windowSeconds: 900 };
const allEnquiries = { name: 'web/all-enquiries', limit: 200, windowSeconds: 3_600 };

/** What a visitor may ask of the API. Everything else is not behind this server at all. */
const visitorMay =
  /^(?:POST \/api\/v1\/(?:ai\/chat\/completions|leads)|(?:GET|DELETE) \/api\/v1\/ai\/visitor-conversations\/[0-9a-f-]{36})$/;

/** A visit that nobody signed in for, and that ends 15 minutes after the last question; its token stays in a cookie that no script reads. */
export function createVisits(settings: Pick<WebSettings, 'publicUrl' | 'site' | 'visitorKey'>) {
  const cookie = createCookie({ app: 'web', publicOrigin: settings.publicUrl, site: 'strict' });
  const rateLimit: RateLimit = createRateLimit();
  const { tenantId } = settings.site;

  function registerVisits(server: CordonServer): void {
    const preHandler = rateLimit.hook(visits, (request) => ({ tenantId, address: request.ip }));
    server.post('/visit', { preHandler }, async (request, reply) => {
      const { visitorKey, site } = settings;
      const before = cookie.read(request.headers.cookie);
      const known = before === undefined ? null : await readVisit(visitorKey, site, before);
      const token = await issueVisitorToken(visitorKey, site, known ?? newVisit());
      await reply
        .header('set-cookie', cookie.set(token, visitorTokens.seconds))
        .status(known === null ? 201 : 200)
        .send({ seconds: visitorTokens.seconds, renewed: known !== null });
    });
    server.delete('/visit', (_request, reply) =>
      reply.header('set-cookie', cookie.clear()).status(204).send(),
    );
  }

  /** The visitor's token as the API takes it. The engine checks the signature; here only its time is read. */
  async function open(request: FastifyRequest) {
    const path = (request.raw.url ?? '').split('?', 1)[0] ?? '';
    if (!visitorMay.test(`${request.method} ${path}`))
      throw new WebGuardError('path-not-served', 'There is nothing at this address.');
    await rateLimit.take(questions, { tenantId, address: request.ip });
    const accessToken = cookie.read(request.headers.cookie);
    const accessExpiresAt = accessToken === undefined ? 0 : expiryOf(accessToken);
    if (accessToken === undefined || accessExpiresAt * 1_000 <= Date.now()) throw sessionEnded();
    if (path === '/api/v1/leads') {
      await rateLimit.take(enquiries, { tenantId, address: request.ip });
      await rateLimit.take(allEnquiries, { tenantId, caller: 'visitors' });
    }
    return { tokens: { accessToken, accessExpiresAt }, idleSeconds: visitorTokens.seconds };
  }

  return {
    registerVisits,
    open,
    outlivesIdle: () => false,
    refused: () => Promise.resolve(sessionEnded('token refused')),
  };
}

function expiryOf(token: string): number {
  try {
    return decodeJwt(token).exp ?? 0;
  } catch {
    // Not a token: somebody wrote the cookie by hand.
    return 0;
  }
}
