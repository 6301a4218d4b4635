import type { KnownPerson } from '@cordon/phi-redaction';
import { describe, expect, it } from 'vitest';
import type { RequestCaller } from '../../caller/caller.ts';
import { keepKnownPeople } from './known-people.ts';
import type { FoundPatient } from './steps/decide-use.ts';

const caller = {
  tenantId: 'tenant',
  subject: 'petra',
  role: 'role.patient',
  sessionId: 'session',
} as RequestCaller;
const people: readonly KnownPerson[] = [{ names: ['Petra Patientson'] }];

/** As the store answers it: new objects with the same bytes. */
const find = (change: Partial<FoundPatient['row']> = {}, places = ['harbour', 'coast']): FoundPatient => ({
  row: {
    id: 'patient',
    full_name: Buffer.from('sealed name'),
    date_of_birth: Buffer.from('sealed date'),
    phone: Buffer.from('sealed phone'),
    email: null,
    address: null,
    nhs_number: null,
    emergency_contact: null,
    ...change,
  } as FoundPatient['row'],
  restricted: false,
  places,
});

describe('what told of a patient', () => {
  it('tells of them again in the same session, for a minute', () => {
    let now = 0;
    const known = keepKnownPeople(() => now);
    known.remember(caller, find(), people);
    now = 59_999;
    expect(known.recall(caller, find())).toBe(people);
    now = 60_000;
    expect(known.recall(caller, find())).toBeUndefined();
  });

  it.each([
    ['a cell was written anew', find({ phone: Buffer.from('sealed phonE') })],
    ['a cell was emptied', find({ phone: null })],
    ['a cell was filled', find({ email: Buffer.from('sealed mail') })],
    ['the clinic is called otherwise', find({}, ['haven', 'coast'])],
  ])('is forgotten when %s', (_what, changed) => {
    const known = keepKnownPeople(() => 0);
    known.remember(caller, find(), people);
    expect(known.recall(caller, changed)).toBeUndefined();
    expect(known.recall(caller, find())).toBeUndefined();
  });

  it.each([{ tenantId: 'other' }, { subject: 'other' }, { role: 'role.clinician' }, { sessionId: 'other' }])(
    'is not for another caller: %o',
    (other) => {
      const known = keepKnownPeople(() => 0);
      known.remember(caller, find(), people);
      expect(known.recall({ ...caller, ...other } as RequestCaller, find())).toBeUndefined();
    },
  );
});
