import type { Acceptance } from '@cordon/row-security/prover';

/** What PostgreSQL itself leaves open, or the pool does knowingly. Looked at again on the day that each names. */
export const accepted: readonly Acceptance[] = [
  {
    channel: 'statistics.row-count',
    reason:
      'pg_class is public: a login role learns how many rows all tenants have together, of none in particular',
    expires: '2027-05-31',
  },
  {
    channel: 'statistics.explain',
    reason:
      'the planner estimates with the samples of all tenants for leakproof operators; only SQL of the role itself can ask',
    expires: '2027-05-31',
  },
  {
    channel: 'activity.literal',
    reason:
      'sessions of one login role see the texts of each other; the engine sends values as bind parameters, which are not shown',
    expires: '2027-05-31',
  },
  ...['residue.cursor', 'residue.setting', 'residue.prepared-statement'].map((channel) => ({
    channel,
    reason:
      'needs foreign SQL in two requests of one connection; the engine names statements on connections of one tenant alone, at random, and elsewhere runs unnamed ones',
    expires: '2027-05-31',
  })),
  {
    channel: 'race.revoked',
    reason:
      'a statement that began before the revocation ends with the rights it began with (PostgreSQL, CREATE POLICY, Notes)',
    expires: '2027-05-31',
  },
];
