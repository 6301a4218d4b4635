import { fileURLToPath } from 'node:url';
import { staffSessionLimits, type SessionApp } from '@cordon/web-guard';

export const consoleApp: SessionApp = {
  name: 'console',
  sessionsRole: 'console_sessions',
  limits: staffSessionLimits,
  /** Numbers alone pass a locked console: somebody needs help, and not who. */
  whenIdle: { locks: { mayRead: ['/v1/alerts/stream?view=badge'] } },
  /** Everybody but patients: what each role may do here is the engine's decision. */
  admits: ({ role }) => role !== 'role.patient',
  notAdmitted: 'This account is for the patient portal. Sign in here with a staff account.',
  pagesFolder: fileURLToPath(new URL('../dist/ui', import.meta.url)),
};
