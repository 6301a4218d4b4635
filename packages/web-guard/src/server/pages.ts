import { readdirSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { WebGuardError } from '../error.ts';

export interface PageOptions {
  /** A finished Vite build: `index.html` and `assets/`. */
  readonly folder: string;
}

function listFiles(folder: string): Set<string> {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return new Set(
      entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name),
    );
  } catch {
    return new Set();
  }
}

/**
 * Serves a build: the files in it, and `index.html` for every other address that a person navigates to, since the page
 * itself knows its routes. Scripts and pictures that do not exist stay 404.
 * @throws WebGuardError `guard-option-invalid` when there is no build.
 */
export async function registerPages(server: FastifyInstance, options: PageOptions): Promise<void> {
  const files = listFiles(options.folder);
  if (!files.has('index.html'))
    throw new WebGuardError(
      'guard-option-invalid',
      'The pages of this app are not built yet. Build them first.',
    );
  await server.register(fastifyStatic, {
    root: options.folder,
    serve: false,
    cacheControl: false,
    // The page is never stored and an asset never changes: there is nothing to compare.
    etag: false,
    lastModified: false,
    dotfiles: 'deny',
  });
  server.get<{ Params: { '*': string } }>('/assets/*', (request, reply) =>
    reply.sendFile(`assets/${request.params['*']}`),
  );
  server.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const path = request.params['*'];
    if (files.has(path)) return reply.sendFile(path);
    const navigates = path === '' || request.headers.accept?.includes('text/html') === true;
    if (navigates && !/^(?:assets|auth|api)(?:\/|$)/.test(path)) return reply.sendFile('index.html');
    reply.callNotFound();
    return reply;
  });
}
