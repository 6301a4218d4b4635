import Fastify from 'fastify';
import { createRateLimit, requestGuardPlugin, securityHeadersPlugin } from '@cordon/web-guard';

export const server = Fastify();
await server.register(securityHeadersPlugin, { profile: 'page' });
await server.register(requestGuardPlugin, { publicOrigin: 'http://localhost:3000', pages: ['/'] });

const rateLimit = createRateLimit();
server.get('/', (_request, reply) => reply.type('text/html').send('<!doctype html><title>Clinic</title>'));
server.post(
  '/notes',
  { onRequest: rateLimit.hook({ name: 'notes', limit: 10, windowSeconds: 60 }) },
  () => 'kept',
);
