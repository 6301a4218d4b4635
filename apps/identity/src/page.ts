import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError, type CordonServer } from '@cordon/service';

const ownFolder = fileURLToPath(new URL('../pages/', import.meta.url));
const builtFolder = fileURLToPath(new URL('../dist/ui/', import.meta.url));

/** For the request guard: addresses that a person may open, with what they load. */
export const pageRoutes = ['/interaction/:uid', '/recover', '/invitation', '/pages/*', '/assets/*'] as const;

/**
 * The sign-in page (built by Vite), and style and script of the small pages that the server renders itself. Without a
 * build the protocol works all the same, for clients that bring a page of their own.
 */
export async function registerPages(server: CordonServer, folder = builtFolder): Promise<void> {
  const files = { index: false, cacheControl: false, dotfiles: 'deny', decorateReply: false } as const;
  await server.register(fastifyStatic, { ...files, root: ownFolder, prefix: '/pages/' });
  const built = existsSync(`${folder}index.html`);
  if (built) await server.register(fastifyStatic, { ...files, root: `${folder}assets`, prefix: '/assets/' });
  const page = built ? readFileSync(`${folder}index.html`, 'utf8') : undefined;
  const sendPage = (_request: FastifyRequest, reply: FastifyReply) => {
    if (page === undefined)
      throw new ServiceError(
        'internal',
        'The sign-in page is not built yet. Build the pages, then start again.',
      );
    return reply.type('text/html; charset=utf-8').send(page);
  };
  server.get('/interaction/:uid', sendPage);
  server.get('/recover', sendPage);
  server.get('/invitation', sendPage);
}
