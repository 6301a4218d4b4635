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
