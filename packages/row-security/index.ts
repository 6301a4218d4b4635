export { RowSecurityError, type RowSecurityErrorCode } from './src/error.ts';
export {
  sealContext,
  sealText,
  type Seal,
  type SealKey,
  type SealTarget,
  type SealedContext,
} from './src/sealed-context.ts';
export {
  createSealedPool,
  type SealedPool,
  type SealedPoolOptions,
  type Transaction,
} from './src/sealed-pool.ts';
