import { readdirSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { WebGuardError } from '../error.ts';

export interface PageOptions {
  /** A finished Vite build: `index.html` and `assets/`. */
  readonly folder: string;
  /** Where the build lies on this server, such as `/chat`; at its root by default. */
  readonly below?: string;
}

/** Pages for a frame of this server's own pages. What they are told is at `settings.json` beside them. */
export interface FramedPages extends PageOptions {
  readonly below: string;
  readonly settings: Readonly<Record<string, string>>;
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
  const { below = '' } = options;
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
    // The decoration of the first build serves them all, each named with its folder.
    decorateReply: !server.hasReplyDecorator('sendFile'),
  });
  const send = (reply: FastifyReply, file: string) => reply.sendFile(file, options.folder);
  server.get<{ Params: { '*': string } }>(`${below}/assets/*`, (request, reply) =>
    send(reply, `assets/${request.params['*']}`),
  );
  server.get<{ Params: { '*': string } }>(`${below}/*`, (request, reply) => {
    const path = request.params['*'];
    if (files.has(path)) return send(reply, path);
    const navigates = path === '' || request.headers.accept?.includes('text/html') === true;
    if (navigates && !/^(?:assets|auth|api)(?:\/|$)/.test(path)) return send(reply, 'index.html');
    reply.callNotFound();
    return reply;
  });
}

/** @throws WebGuardError `guard-option-invalid` when there is no build. */
export async function registerFramedPages(server: FastifyInstance, options: FramedPages): Promise<void> {
  server.get(`${options.below}/settings.json`, () => options.settings);
  await registerPages(server, options);
}
