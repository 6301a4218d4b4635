import { describe, expect, it } from 'vitest';
import type { AuditEntry } from './entry.ts';
import { AuditReceipt, issueReceipt } from './receipt.ts';

const entry: AuditEntry = {
  id: '1',
  tenantId: 'north',
  initiatorType: 'user',
  action: 'record.opened',
  dataClassIds: [],
  patientPseudonym: 'petra',
  decision: 'permit',
  reasonCode: 'granted',
  outcome: 'none',
};

describe('a receipt', () => {
  it('covers the patients whom its entries name and permit', () => {
    expect(issueReceipt([entry]).covers('north', 'petra')).toBe(true);
  });

  it.each([
    ['of another patient', entry, 'north', 'yusuf'],
    ['of another tenant', entry, 'south', 'petra'],
    ['of a refusal', { ...entry, decision: 'deny' as const }, 'north', 'petra'],
    ['of a failure', { ...entry, outcome: 'failure' as const }, 'north', 'petra'],
  ])('does not cover a patient by an entry %s', (_name, made, tenantId, pseudonym) => {
    expect(issueReceipt([made]).covers(tenantId, pseudonym)).toBe(false);
  });

  it('that somebody built without an entry covers nobody', () => {
    expect(new AuditReceipt().covers('north', 'petra')).toBe(false);
    expect(issueReceipt([]).covers('north', 'petra')).toBe(false);
  });
});
