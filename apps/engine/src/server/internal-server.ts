import type { KeyObject } from 'node:crypto';
import { createServer, type CordonServer, type Logger } from '@cordon/service';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RevokedSessions } from '../caller/revoked-sessions.ts';
import { registerDirectoryRoutes } from '../features/directory/index.ts';
import { registerGateReportRoute } from '../features/gate-board/index.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';

export interface MutualTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** The listener for identity and for the gate: TLS 1.3, and no answer without a certificate of the private CA. */
export function buildInternalServer(
  engine: EngineContext,
  revoked: RevokedSessions,
  { tls, gateKey }: { readonly tls: MutualTls; readonly gateKey: KeyObject | undefined },
  logger: Logger,
): CordonServer {
  const server = createServer({
    logger,
    http: { https: { ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } },
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  const typed = server.withTypeProvider<ZodTypeProvider>();
  registerDirectoryRoutes(typed, engine, revoked);
  registerGateReportRoute(typed, engine, gateKey);
  return server;
}
