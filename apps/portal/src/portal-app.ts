import { fileURLToPath } from 'node:url';
import { patientSessionLimits, type SessionApp } from '@cordon/web-guard';

export const portalApp: SessionApp = {
  name: 'portal',
  sessionsRole: 'portal_sessions',
  limits: patientSessionLimits,
  whenIdle: 'ends',
  /** Patients alone: staff see a patient's record in the console, where each look is theirs. */
  admits: ({ role }) => role === 'role.patient',
  notAdmitted: 'This account is for staff. Sign in here with the account of a patient.',
  pagesFolder: fileURLToPath(new URL('../dist/ui', import.meta.url)),
  framed: {
    below: '/chat',
    folder: fileURLToPath(new URL('../../chat-ui/dist/ui', import.meta.url)),
    settings: { audience: 'patients' },
  },
};
