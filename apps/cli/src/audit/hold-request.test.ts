import { expect, it } from 'vitest';
import { readHoldRequest } from './hold-request.ts';

const tenantId = '0a1b2c3d-0000-4000-8000-000000000001';
const holdId = '0a1b2c3d-0000-4000-8000-000000000002';
const tenant = tenantId;
const reason = 'Claim 2026/17';

it('understands place, lift and list', async () => {
  expect(
    await readHoldRequest(['place'], { tenant, since: '2026-01-01', until: '2027-01-01', reason }),
  ).toEqual({ verb: 'place', tenantId, from: '2026-01-01', to: '2027-01-01', reason });
  expect(await readHoldRequest(['place'], { tenant, since: '2026-01-01', reason })).toEqual({
    verb: 'place',
    tenantId,
    from: '2026-01-01',
    reason,
  });
  expect(await readHoldRequest(['lift', holdId], { tenant, reason })).toEqual({
    verb: 'lift',
    tenantId,
    holdId,
    reason,
  });
  expect(await readHoldRequest(['list'], { tenant })).toEqual({ verb: 'list', tenantId });
});

it.each([
  [[], { tenant }],
  [['list'], {}],
  [['list'], { tenant: 'everybody' }],
  [['list', holdId], { tenant }],
  [['place'], { tenant, reason }],
  [['place'], { tenant, since: '2026-01-01' }],
  [['place'], { tenant, since: '2026-13-01', reason }],
  [['place'], { tenant, since: '2026-01-01', until: 'soon', reason }],
  [['place'], { tenant, since: '2026-01-01', reason: 'no' }],
  [['place'], { tenant, since: '2026-01-01', reason: 'x'.repeat(2_001) }],
  [['lift'], { tenant, reason }],
  [['lift', holdId], { tenant }],
  [['lift', 'it'], { tenant, reason }],
  [['lift', holdId, holdId], { tenant, reason }],
])('refuses %j %j and shows the usage', async (words, options) => {
  await expect(readHoldRequest(words, options)).rejects.toMatchObject({ code: 'arguments-invalid' });
});
