export { proveRdsAtRest, type RdsOptions, type ServerProof } from './src/at-rest/rds.ts';
export {
  identifierQuery,
  keepAnswer,
  tellAtRest,
  type AtRestSettings,
  type ServedStore,
} from './src/at-rest/tell-at-rest.ts';
