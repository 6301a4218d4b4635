export { ServiceError, isPublicError, type PublicError, type ServiceErrorCode } from './src/error.ts';
export { createLogger, type Logger, type LogFields } from './src/log.ts';
export { toProblem, type Problem } from './src/problem.ts';
export {
  certificateFile,
  readSettings,
  secretFile,
  secretBytes,
  secretJson,
  secureUrl,
  port,
  url,
  type Environment,
} from './src/settings.ts';
export { readAtRestSettings, type AtRestOptions } from './src/at-rest-settings.ts';
export { databaseSettings, toClientConfig, type DatabaseSettings } from './src/database-settings.ts';
export { createServer, type CordonServer, type ServerOptions } from './src/server.ts';
export { checkAnswers, registerHealth, type ReadinessCheck } from './src/health.ts';
export { listenerTlsSettings, toListenerTls, type ListenerTls } from './src/listener-tls.ts';
export { listenAt, startServer } from './src/listen.ts';
export { isLoopbackHost, isSecureAddress } from './src/loopback.ts';
export { limitOutgoingTls, serverTls } from './src/tls.ts';
export { runService, type Closable } from './src/run.ts';
export { claimName, providerSettings, tokenSettings, toProviderOptions } from './src/provider-settings.ts';
