export { ProverError, type ProverErrorCode } from './src/prover/error.ts';
export type {
  Acceptance,
  CallerConfig,
  Declared,
  DriverConfig,
  LevelColumns,
  MembershipConfig,
  ProverConfig,
  Reach,
  ReachException,
} from './src/prover/config.ts';
export { readProverConfig } from './src/prover/read-config.ts';
export { prove, type Proof, type ProveOptions } from './src/prover/prove.ts';
export type { Attempt, Tally, Verdict } from './src/prover/report/outcome.ts';
export { exitCodeOf, totalsOf, type Totals } from './src/prover/report/summary.ts';
export { renderText } from './src/prover/report/text.ts';
export { renderJson } from './src/prover/report/json.ts';
export { renderSarif } from './src/prover/report/sarif.ts';
export type { Target } from './src/prover/session.ts';
