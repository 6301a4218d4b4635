export { ControlGateError, type ControlGateErrorCode } from './src/error.ts';
export {
  checkControls,
  environments,
  priorities,
  type Answer,
  type Control,
  type ControlCard,
  type Environment,
  type Evidence,
  type Priority,
  type References,
  type State,
} from './src/control.ts';
export { allOf, fail, judgeFaults, notBuilt, pass, seen, unknown } from './src/answers.ts';
export { runChecks, type Finding, type RunOptions } from './src/run-checks.ts';
export { judge, type Judged, type Judgement, type Promotion } from './src/judge.ts';
export {
  findHidden,
  readTable,
  refuseFaults,
  type RegisterFault,
  type TableRow,
} from './src/registers/read-table.ts';
export {
  explainMissingAgreement,
  explainNotInForce,
  leastDaysLeft,
  readVendorAgreements,
  type VendorAgreement,
} from './src/registers/vendor-agreements.ts';
export {
  listUnsigned,
  processingPurposes,
  readProcessingAgreements,
  type ProcessingAgreement,
} from './src/registers/processing-agreements.ts';
export {
  leastDaysBeforeLaunch,
  listTestGaps,
  readPenetrationTests,
  testScopes,
  type PenetrationTest,
} from './src/registers/penetration-tests.ts';
export { readRiskAcceptances, type RiskAcceptance } from './src/registers/risk-acceptances.ts';
export { isDay, daysBetween } from './src/registers/calendar.ts';
export { countStates, nextOf, type Report } from './src/report/report.ts';
export { renderText, type TextOptions } from './src/report/text.ts';
export { renderJson } from './src/report/json.ts';
export { renderSarif } from './src/report/sarif.ts';
export { renderJunit } from './src/report/junit.ts';
export { renderHtml } from './src/report/html.ts';
export { renderOscal } from './src/report/oscal.ts';
export { keyIdOf } from './src/verdict/envelope.ts';
export { checkVerdict, issueVerdict, type Deployment } from './src/verdict/issue-verdict.ts';
export { buildSchema, longestLifeHours, type Build, type Verdict } from './src/verdict/verdict.ts';
export {
  longestBoardEnvelope,
  openBoardReport,
  sealBoardReport,
  type BoardControl,
  type BoardReport,
} from './src/board/board-report.ts';
export { drawBoard, type Board, type BoardLine } from './src/board/draw-board.ts';
