import { createServer, registerHealth, type Closable, type CordonServer, type Logger } from '@cordon/service';
import {
  cosignCheckpoint,
  formatVerifierKey,
  MAX_NOTE_BYTES,
  parseWitnessRequest,
  TransparencyLogError,
  type TransparencyLogErrorCode,
  type WitnessRequest,
} from '@cordon/transparency-log';
import { WitnessError, type WitnessErrorCode } from './error.ts';
import { openHeadStore, type HeadStore } from './head-store.ts';
import { lockFolder } from './lock-folder.ts';
import type { WitnessSettings } from './settings.ts';

/** A checkpoint, and at most 63 hashes in base64. */
const mostBytes = MAX_NOTE_BYTES + 4096;

export interface RunningWitness extends Closable {
  readonly url: string;
}

/**
 * A witness of other people's logs: it cosigns a checkpoint when a proof shows that the log keeps everything it saw before.
 * It holds its own key and the last head of each log, and reaches no store.
 * @throws WitnessError `witness-folder-in-use`
 * @see https://c2sp.org/tlog-witness
 */
export async function startWitness(settings: WitnessSettings, logger: Logger): Promise<RunningWitness> {
  const unlock = await lockFolder(settings.folder);
  const server = createServer({
    logger,
    bodyLimit: mostBytes,
    ...(settings.tls && { http: { https: settings.tls } }),
  });
  // The body is lines of text, under whatever type it was sent: the specification names none.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  registerHealth(server, []);
  registerWitness(server, settings, openHeadStore(settings.folder));
  const close = async () => {
    await server.close();
    unlock();
  };
  try {
    const url = await server.listen({ host: settings.host, port: settings.port });
    logger.info('ready', { port: Number(new URL(url).port) });
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function registerWitness(server: CordonServer, settings: WitnessSettings, heads: HeadStore): void {
  server.get('/verifier-key', (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(`${formatVerifierKey(settings.key.verifierKey)}\n`),
  );

  server.post('/add-checkpoint', async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const asked = readRequest(body);
    const origin = asked.checkpoint.slice(0, asked.checkpoint.indexOf('\n'));
    const logKeys = settings.logs.get(origin);
    if (logKeys === undefined) throw new WitnessError('witness-log-unknown');
    let lastSize = 0;
    try {
      const line = await heads.advance(origin, (latest) => {
        lastSize = latest?.size ?? 0;
        const { line: result, head } = cosignCheckpoint(asked, {
          log: { origin, logKeys },
          latest,
          key: settings.key,
        });
        return { head, result };
      });
      return await reply.type('text/plain; charset=utf-8').send(line);
    } catch (error) {
      if (error instanceof TransparencyLogError && error.code === 'witness-size-stale')
        return reply.status(409).type('text/x.tlog.size').send(`${lastSize}\n`);
      throw explain(error);
    }
  });
}

function readRequest(body: Uint8Array): WitnessRequest {
  try {
    return parseWitnessRequest(body, { source: 'request' });
  } catch (error) {
    throw explain(error);
  }
}

const refusals: Partial<Record<TransparencyLogErrorCode, WitnessErrorCode>> = {
  'note-unsigned': 'witness-signature-unknown',
  'note-signature-invalid': 'witness-signature-unknown',
  'fork-detected': 'witness-forked',
  'consistency-unproven': 'witness-inconsistent',
  'proof-length-wrong': 'witness-inconsistent',
};

function explain(error: unknown): unknown {
  if (!(error instanceof TransparencyLogError)) return error;
  return new WitnessError(refusals[error.code] ?? 'witness-request-refused', {
    cause: error,
    detail: error.code,
  });
}
