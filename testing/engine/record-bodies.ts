import type { SeedAccount } from './run-engine.ts';

/** A body that each kind of record accepts, and a change of it; who may write it under the shipped policy. */
export interface RecordSample {
  readonly segment: string;
  readonly writer: string;
  readonly create: Readonly<Record<string, unknown>>;
  /** One field of `create` with another value. */
  readonly other: Readonly<Record<string, unknown>>;
  readonly change?: Readonly<Record<string, unknown>>;
  readonly amend?: Readonly<Record<string, unknown>>;
}

let minutes = 0;
/** A free quarter of an hour: each call another. */
export function freeInterval(): { startsAt: string; endsAt: string } {
  minutes += 20;
  const start = Date.UTC(2031, 0, 6, 9, minutes);
  return { startsAt: new Date(start).toISOString(), endsAt: new Date(start + 900_000).toISOString() };
}

export function recordSamples(clinician: SeedAccount): readonly RecordSample[] {
  return [
    {
      segment: 'appointments',
      writer: 'receptionist',
      other: { reason: 'Check-up' },
      create: { clinicianId: clinician.accountId, ...freeInterval(), reason: 'Broken crown' },
      change: { state: 'arrived', reason: 'Broken crown, lower left' },
    },
    {
      segment: 'treatment-plans',
      writer: 'clinician',
      other: { title: 'Bridge' },
      create: {
        title: 'Crown and hygiene',
        totalVisits: 3,
        items: [
          { state: 'planned', summaryText: 'Take impressions', costPence: 12_500 },
          { state: 'planned', summaryText: 'Fit the crown', costPence: 48_000 },
        ],
      },
      change: { title: 'Crown', items: [{ state: 'done', summaryText: 'Fit the crown', costPence: 50_000 }] },
    },
    {
      segment: 'clinical-records',
      writer: 'clinician',
      other: { problemList: 'Nothing' },
      create: { problemList: 'Fractured 36', relevantHistory: 'Bruxism' },
      amend: { problemList: 'Fractured 46', relevantHistory: 'Bruxism' },
    },
    {
      segment: 'billing-records',
      writer: 'clinician',
      other: { amountPence: 1 },
      create: { amountPence: 12_500, description: 'Impressions' },
      change: { state: 'paid' },
    },
    {
      segment: 'consent-records',
      writer: 'Petra Patientson',
      other: { state: 'refused' },
      create: { consentKind: 'treatment-photographs', wordingVersion: 2, state: 'given' },
    },
  ];
}
