import { describe, expect, it } from 'vitest';
import { readKeysRequest } from './keys.ts';

const tenantId = '0a1b2c3d-0000-4000-8000-000000000001';
const patientId = '0a1b2c3d-0000-4000-8000-000000000002';

describe('cordon keys', () => {
  it.each([
    [['rotate', 'root'], { verb: 'rotate-root' }],
    [['rotate', 'tenant', tenantId], { verb: 'rotate-tenant', tenantId }],
    [['rotate', 'search', tenantId], { verb: 'rotate-search', tenantId }],
    [['rotate', 'patient', tenantId, patientId], { verb: 'rotate-patient', tenantId, patientId }],
    [['destroy', tenantId, patientId], { verb: 'destroy', tenantId, patientId }],
    [['proof', tenantId, patientId], { verb: 'proof', tenantId, patientId }],
    [['replay'], { verb: 'replay' }],
  ])('understands %j', (words, request) => {
    expect(readKeysRequest(words)).toEqual(request);
  });

  it.each([
    [[]],
    [['destroy']],
    [['destroy', tenantId]],
    [['destroy', tenantId, 'everybody']],
    [['destroy', tenantId, patientId, patientId]],
    [['rotate']],
    [['rotate', 'tenant']],
    [['rotate', 'search']],
    [['rotate', 'patient', tenantId]],
    [['rotate', 'root', tenantId]],
    [['replay', tenantId]],
    [['forget', tenantId, patientId]],
  ])('explains itself for %j, and destroys nothing', (words) => {
    expect(() => readKeysRequest(words)).toThrow(/cordon keys rotate root/);
  });
});
