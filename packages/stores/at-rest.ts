/** Whether a server's data is encrypted at rest, and what proves it. */
export { type AtRest, proveAtRest, proveServerAtRest } from './src/at-rest/kernel.ts';
export { proveRdsAtRest, type RdsOptions, type ServerProof } from './src/at-rest/rds.ts';
export {
  identifierQuery,
  keepAnswer,
  tellAtRest,
  type AtRestSettings,
  type ServedStore,
} from './src/at-rest/tell-at-rest.ts';
