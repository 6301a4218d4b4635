import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Caller } from '../../caller/caller.ts';
import { createUploadSlots } from './upload-slots.ts';

const north = randomUUID();
const callerOf = (tenantId: string): Caller => ({
  subject: randomUUID(),
  role: 'role.receptionist',
  tenantId,
  clinicIds: [],
  patientRecordId: undefined,
  sessionId: 'session',
  expiresAt: 0,
  factorShownAt: undefined,
});
const busy = expect.objectContaining({ code: 'intake-busy' }) as Error;

it('lets a person have two uploads under way, and another once one has ended', () => {
  const slots = createUploadSlots();
  const rosa = callerOf(north);
  const first = slots.take(rosa);
  slots.take(rosa);
  expect(() => slots.take(rosa)).toThrow(busy);
  first.release();
  first.release();
  slots.take(rosa);
  expect(() => slots.take(rosa)).toThrow(busy);
});

it('lets a tenant have four, whoever they are of, and takes nothing from another tenant', () => {
  const slots = createUploadSlots();
  for (const caller of [callerOf(north), callerOf(north)]) {
    slots.take(caller);
    slots.take(caller);
  }
  expect(() => slots.take(callerOf(north))).toThrow(busy);
  slots.take(callerOf(randomUUID()));
});
