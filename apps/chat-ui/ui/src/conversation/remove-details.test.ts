import { expect, it } from 'vitest';
import { removeDetails } from './remove-details.ts';

it('takes names, numbers, contacts, dates, postcodes and card numbers out, and says how many', async () => {
  const cleaned = await removeDetails(
    'My name is Olivia Hartley, born 14 March 1982, call 07700 900123 or mail o.hartley@example.org, card 4111 1111 1111 1111.',
  );
  expect(cleaned.text).not.toMatch(/Olivia|Hartley|1982|07700|example\.org|4111/);
  expect(cleaned.text).toMatch(/^My name is \[name removed\], born \[date removed\]/);
  expect(cleaned.removed).toBeGreaterThanOrEqual(5);
});

it('leaves a question without details as it is', async () => {
  const question = 'Do you have appointments on Saturday mornings, and is there parking?';
  expect(await removeDetails(question)).toEqual({ text: question, removed: 0 });
});
