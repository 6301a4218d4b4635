/** Pounds as people type them, in pence; null where it is no amount. */
export function readPounds(text: string): number | null {
  const [pounds = '', pence = '', ...more] = text
    .trim()
    .replace('£', '')
    .trimStart()
    .replace(',', '.')
    .split('.');
  const isAmount = /^\d{1,6}$/.test(pounds) && /^\d{0,2}$/.test(pence) && more.length === 0;
  return isAmount ? Number(pounds) * 100 + Number(pence.padEnd(2, '0')) : null;
}
