import { describe, expect, it } from 'vitest';
import { buildInput, listSources } from '../index.ts';
import { readGatewayFile } from '../testing/example-gateway.ts';

const { purposes } = await readGatewayFile();
const [plan] = purposes.filter(({ id }) => id === 'purpose.summary.treatmentPlan');

describe('the input of a purpose', () => {
  it('is made of its whitelisted fields alone, one line an item', () => {
    if (plan === undefined) throw new Error('the purpose is gone');
    const record = {
      treatmentPlan: {
        title: 'Crown',
        patientName: 'Amira Holloway',
        totalVisits: 3,
        items: [{ summaryText: 'Prepare', price: 100 }, { summaryText: 'Fit' }],
      },
      clinicalRecord: { problemList: 'secret' },
    };
    expect(buildInput(plan, record)).toBe(
      'treatmentPlan.title: Crown\ntreatmentPlan.items.summaryText: Prepare\ntreatmentPlan.items.summaryText: Fit\ntreatmentPlan.totalVisits: 3',
    );
    expect(listSources(plan, record)).toEqual([
      'treatmentPlan.title',
      'treatmentPlan.items[].summaryText',
      'treatmentPlan.totalVisits',
    ]);
  });

  it('is empty without a record, and reads nothing that objects inherit', () => {
    if (plan === undefined) throw new Error('the purpose is gone');
    expect(buildInput(plan, {})).toBe('');
    expect(
      buildInput({ ...plan, whitelistedFields: ['treatmentPlan.constructor.name'] }, { treatmentPlan: {} }),
    ).toBe('');
  });
});
