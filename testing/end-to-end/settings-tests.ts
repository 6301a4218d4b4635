import { expect } from 'vitest';
import type { WatchedPage } from './watch-page.ts';

/** The console of an administrator of two clinics, who changes the telephone number of one, and back again. */
export async function changeTelephone({
  page,
  look,
  expectRefusal,
}: WatchedPage & { look: (name: string) => Promise<void> }): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  const number = page.getByLabel('Telephone number of the clinic');
  expect(await number.inputValue()).toBe('0113 496 0123');
  const clinic = page.getByLabel('Clinic', { exact: true });
  expectRefusal(400, `/api/v1/clinics/${await clinic.inputValue()}/settings`);
  await number.fill('ask Amira');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Enter a telephone number with its area code').waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe(await number.getAttribute('id'));
  await look('console-settings-refused');
  await number.fill(' +44 (0)113 496-0199 ');
  await number.press('Enter');
  await page.getByText('Saved. Patients are shown +44 (0)113 496-0199 from now on.').waitFor();
  await look('console-settings');
  // Another clinic has its own.
  await clinic.selectOption('Northgate York');
  await page.locator('input[value="01632 960123"]').waitFor();
  await clinic.selectOption('Northgate Leeds');
  await page.locator('input[value="+44 (0)113 496-0199"]').waitFor();
  await number.fill('0113 496 0123');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. Patients are shown 0113 496 0123').waitFor();
  await page.getByRole('link', { name: 'audit log' }).click();
  await page.getByText('Administrator began to change a clinic’s settings').first().waitFor();
}
