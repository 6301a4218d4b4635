import { z } from 'zod';
import {
  freeText,
  lowerId,
  pointInTime,
  registerRecordRoutes,
  type RecordKind,
} from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { requireClinician } from '../clinicians/index.ts';

const longestHours = 24;

/** A clinician's time given to a patient. That nobody is booked twice is held by the store's exclusion constraint. */
const appointments: RecordKind = {
  segment: 'appointments',
  resourceType: 'Appointment',
  words: { one: 'an appointment', many: 'appointments' },
  dataClass: 'appointmentBooking',
  table: 'clinical.appointments',
  versions: 'clinical.appointment_versions',
  createdColumn: 'created_at',
  order: { column: 'starts_at', first: 'earliest' },
  plain: {
    clinicianId: { column: 'clinician_account_id', input: lowerId },
    startsAt: { column: 'starts_at', input: pointInTime },
    endsAt: { column: 'ends_at', input: pointInTime },
    state: {
      column: 'state',
      input: z.enum(['booked', 'arrived', 'completed', 'cancelled', 'missed']),
      initial: 'booked',
    },
  },
  interval: { column: 'during', from: 'starts_at', to: 'ends_at' },
  sealed: { reason: { column: 'reason', input: freeText(1000), optional: true, listed: true } },
  async require(transaction, target, { clinicianId }) {
    // Somebody who has left may be booked no more; what they were booked for can still be called off.
    if (typeof clinicianId === 'string') await requireClinician(transaction, target, clinicianId);
  },
  check({ startsAt, endsAt }) {
    const hours = (Date.parse(String(endsAt)) - Date.parse(String(startsAt))) / 3_600_000;
    if (hours <= 0) return [{ field: 'endsAt', reason: 'before-start' }];
    return hours > longestHours ? [{ field: 'endsAt', reason: 'too-long' }] : [];
  },
};

export function registerAppointmentRoutes(tools: RouteTools): void {
  registerRecordRoutes(tools, appointments);
}
