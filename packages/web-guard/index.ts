export { WebGuardError, type WebGuardErrorCode } from './src/error.ts';
export { isLoopbackHost } from './src/loopback.ts';
export {
  contentSecurityPolicy,
  type HeaderProfile,
  type PolicyAdditions,
} from './src/headers/content-policy.ts';
export { permissionsPolicy, type PermissionFeature } from './src/headers/permissions-policy.ts';
export { securityHeaders, type SecurityHeaderOptions } from './src/headers/security-headers.ts';
export { securityHeadersPlugin, type SecurityHeadersPluginOptions } from './src/headers/plugin.ts';
export {
  createMemoryRateLimitStore,
  type RateLimitDecision,
  type RateLimitRule,
  type RateLimitStore,
} from './src/rate-limit/rate-limit-store.ts';
export { createRateLimit, type RateLimit, type RateLimitSubject } from './src/rate-limit/rate-limit.ts';
export { createCookie, type CookieSite, type GuardedCookie } from './src/guard/cookies.ts';
export { ownRequestHeader, requestGuardPlugin, type RequestGuardOptions } from './src/guard/request-guard.ts';
export { safeReturnPath } from './src/guard/return-path.ts';
export {
  patientSessionLimits,
  shortenLimits,
  staffSessionLimits,
  type SessionLimits,
  type WhenIdle,
} from './src/session/session-limits.ts';
export {
  type ListedSession,
  type LiveSession,
  type SessionStore,
  type StoredSession,
} from './src/session/session-store.ts';
export { createPostgresSessionStore, type QueryablePool } from './src/session/postgres-session-store.ts';
export { type ListedOpenSession, type Sessions } from './src/session/sessions.ts';
export { type SessionTokens } from './src/session/tokens.ts';
export { type SessionEvent } from './src/server/auth-routes.ts';
export {
  createSessionServer,
  type SessionServer,
  type SessionServerOptions,
} from './src/server/create-session-server.ts';
export {
  registerEngineProxy,
  type EngineProxyOptions,
  type ProxyHooks,
  type ProxySession,
} from './src/server/engine-proxy.ts';
export {
  registerFramedPages,
  registerPages,
  type FramedPages,
  type PageOptions,
} from './src/server/pages.ts';
export { sessionEnded, type OpenSession } from './src/session/open-session.ts';
export { type ProviderOptions } from './src/server/provider.ts';
export { type SessionServerLimits } from './src/server/limits.ts';
export { readSessionAppSettings, type SessionAppSettings } from './src/app/session-app-settings.ts';
export { startSessionApp, type SessionApp } from './src/app/start-session-app.ts';
