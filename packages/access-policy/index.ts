export {
  ACTIONS,
  DATA_CLASS_IDS,
  FILE_NAMES,
  PUBLIC_ROLE_ID,
  REGION_IDS,
  ROLE_IDS,
  type Action,
  type DataClassId,
  type RegionId,
  type RoleId,
  type SignedInRoleId,
} from './src/ids.ts';
export { compilePolicy, type Policy } from './src/policy.ts';
export { loadPolicy } from './src/load-policy.ts';
export { selectFields, type Decision, type Deny, type Permit } from './src/decision.ts';
export type { BreakGlassGrant, Caller, DecisionContext, Resource } from './src/question.ts';
export {
  DENY_REASONS,
  PERMIT_REASONS,
  type DenyReason,
  type PermitReason,
  type ReasonCode,
} from './src/reason-codes.ts';
export { parseRetentionDuration, type RetentionDuration } from './src/durations.ts';
export type { ExplainedCheck, Explanation } from './src/explain.ts';
export {
  ACCESS_POLICY_ERROR_CODES,
  AccessPolicyError,
  type AccessPolicyErrorCode,
  type PolicyProblem,
} from './src/error.ts';
export type { PolicyFiles } from './src/check-shape.ts';
export type { RoleCeiling } from './src/table.ts';
export { openPolicy, watchPolicy, type LivePolicy, type WatchOptions } from './src/live-policy.ts';
export { explainAccess, type ExplainedAccess } from './src/explain-access.ts';
export { printMatrix } from './src/matrix.ts';
export type { AiGatewayFile, AiProvider, AiPurpose } from './src/schemas/ai-gateway.ts';
