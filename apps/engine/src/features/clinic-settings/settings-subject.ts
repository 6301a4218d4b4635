import type { Subject } from '../../pipeline/decide.ts';

/** Who may change a clinic's settings may see them, and nobody else. */
export const settingsSubject = (clinicId: string) =>
  ({
    action: 'update',
    dataClass: 'portalAccount',
    auditAction: 'clinic-settings.changed',
    resourceType: 'Clinic',
    resourceId: clinicId,
  }) as const satisfies Subject;
