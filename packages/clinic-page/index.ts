export {
  canRetry,
  errorFromAnswer,
  requestError,
  RequestError,
  toRequestError,
  type FieldReason,
  type RequestErrorCode,
} from './src/requests/request-error.ts';
export { followEvents, type LiveEventHooks } from './src/requests/live-events.ts';
export {
  downloadFile,
  deleteJson,
  getJson,
  getPicture,
  OWN_REQUEST,
  patchJson,
  postJson,
  withQuery,
} from './src/requests/requests.ts';
export { SessionContext, useSession, useSessionStore } from './src/session/session-context.ts';
export { type SessionClock } from './src/session/session-clock.ts';
export { type SessionState, type SessionStore } from './src/session/session-store.ts';
export { listenToTabs, tellOtherTabs } from './src/session/other-tabs.ts';
export { startPage } from './src/session/start-page.ts';
export { type OwnSession } from './src/session/own-sessions.ts';
export { useOwnSessions } from './src/session/use-own-sessions.ts';
export { useNow } from './src/session/use-now.ts';
export { useSessionEnd, type SessionEnd } from './src/session/use-session-end.ts';
export { useSessionWatch } from './src/session/use-session-watch.ts';
export { useSignOut } from './src/session/use-sign-out.ts';
export { ErrorBoundary } from './src/error-boundary.ts';
export { useOnline } from './src/use-online.ts';
export { showPlainly } from './src/words/plain-text.ts';
export {
  ageOn,
  formatCount,
  formatCountdown,
  formatDate,
  formatExactInstant,
  formatInstant,
  formatNhsNumber,
  formatPence,
  formatSize,
  keepPostcodes,
  telephoneAddress,
} from './src/words/format.ts';
