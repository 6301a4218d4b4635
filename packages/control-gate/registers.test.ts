import { describe, expect, it } from 'vitest';
import {
  explainMissingAgreement,
  listTestGaps,
  listUnsigned,
  processingPurposes,
  readPenetrationTests,
  readProcessingAgreements,
  readTable,
  readVendorAgreements,
} from './index.ts';

const now = new Date('2026-03-01T12:00:00Z');
const hash = 'a'.repeat(64);
const heading =
  '| Vendor | Service | Signed by both parties | Signed on | Expires | Document hash |\n| --- | --- | --- | --- | --- | --- |\n';
const good = `| Twilio | SMS | yes | 2026-01-10 | 2027-01-10 | ${hash} |\n`;
const read = (text: string) => readVendorAgreements('BAA.md', text, new Set(['Twilio', 'AWS']));

describe('the register of vendors’ agreements', () => {
  it.each([
    ['no table', 'Nothing here.', 1, 'it has no table'],
    ['a column that is missing', heading.replace(' Expires |', '').replace(' --- |', ''), 1, 'the column "expires" is missing'],
    ['a column twice', heading.replace('Expires', 'Vendor'), 1, 'the column "vendor" is there twice'],
    ['a column that nobody knows', heading.replace('Expires', 'Colour'), 1, 'the column "colour" is not known'],
    ['a row of another width', `${heading}| Twilio | SMS | no |\n`, 3, 'the row has 3 cells, not 6'],
    ['two tables', `${heading}${good}\n${heading}`, 5, 'a register has one table'],
    ['an unknown vendor', heading + good.replace('Twilio', 'Twillio'), 3, 'the vendor "Twillio" is not known'],
    ['a vendor without a name', heading + good.replace('Twilio', ''), 3, 'the row names no vendor'],
    ['a day that there is not', heading + good.replace('2026-01-10', '2026-02-30'), 3, '"signed on" is no day'],
    ['a day in another form', heading + good.replace('2027-01-10', '10/01/2027'), 3, '"expires" is no day'],
    ['an end before the beginning', heading + good.replace('2027-01-10', '2025-01-10'), 3, 'it ends before it begins'],
    ['another word than yes or no', heading + good.replace('yes', 'pending'), 3, 'neither yes nor no'],
    ['a signature without a document', heading + good.replace(hash, ''), 3, '"document hash" is no SHA-256'],
    ['a row in a comment, which nobody sees', `${heading}${good}\n<!--\n| AWS | KMS | no | | | |\n-->\n`, 5, 'markup hides'],
    ['a comment that ends within a row', heading + good.replace('SMS', 'SMS -->'), 3, 'markup hides'],
    ['a block of code', `\`\`\`\n${heading}${good}\`\`\`\n`, 1, 'a block of code'],
    ['rows that are drawn as code', `${heading}    ${good}`, 3, 'drawn as code'],
    ['a row without its first bar, which is drawn as one', `${heading}${good}AWS | KMS | no | | | |\n`, 4, 'ends with an empty line'],
    ['a table without outer bars', `${heading}${good}\nVendor | Service\n--- | ---\nAWS | KMS\n`, 6, 'bars at both its sides'],
    ['a table of another markup', `${heading}${good}\n<table><tr><td>AWS</td></tr></table>\n`, 5, 'markup hides or imitates'],
    ['a bar that is none', heading + good.replace('SMS | yes', 'SMS \\| yes'), 3, 'a backslash'],
    ['a space that is none', heading + good.replace('| yes', '|\u00a0yes'), 3, 'a character that nobody sees'],
    ['a letter without a width', heading + good.replace('Twilio', 'Twi\u200blio'), 3, 'a character that nobody sees'],
    ['text that is turned around', heading + good.replace('Twilio', '\u202eoiliwT'), 3, 'a character that nobody sees'],
    ['a mark of the byte order within', heading + good.replace('SMS', '\ufeffSMS'), 3, 'a character that nobody sees'],
    ['a line end that not every reader knows', `${heading}${good}\nText\r| AWS | KMS | no | | | |\n`, 5, 'has an end that not every reader'],
    ['a column twice in other letters', heading.replace('Expires', 'VENDOR'), 1, 'the column "vendor" is there twice'],
    ['a vendor in letters that look the same', heading + good.replace('Twilio', 'Тwilio'), 3, 'is not known'],
    ['a day in other digits', heading + good.replace('2027-01-10', '２０２７-01-10'), 3, '"expires" is no day'],
    ['a day of a year that does not leap', heading + good.replace('2027-01-10', '2027-02-29'), 3, '"expires" is no day'],
    ['a service twice', `${heading}${good}${good.replace('Twilio', 'twilio')}`, 4, 'stands on line 3 already'],
  ])('with %s is an error with its line', (_name, text, line, what) => {
    let detail: string | undefined;
    try {
      read(text);
    } catch (error) {
      detail = (error as { detail?: string }).detail;
    }
    expect(detail).toContain(`BAA.md:${line}: `);
    expect(detail).toContain(what);
  }); // prettier-ignore

  it('takes a mark of the byte order at its very beginning', () => {
    expect(read(`\ufeff${heading}${good}`)).toHaveLength(1);
  });

  it('takes columns in any order, and text around the table', () => {
    const text = `# Title\r\n\r\n| Service | Vendor | Signed by both parties | Signed on | Expires | Document hash |\r\n|:--|---|---|---|---|---|\r\n| KMS | AWS | no | | | |\r\n\r\nMore.`;
    expect(read(text)).toMatchObject([{ line: 5, vendor: 'AWS', service: 'KMS', signed: false }]);
  });

  it.each([
    ['is in force', good, undefined],
    ['is not signed', '| Twilio | SMS | no | | | |\n', 'has not signed'],
    ['is signed tomorrow', good.replace('2026-01-10', '2026-03-02'), 'a day to come'],
    ['ended yesterday', good.replace('2027-01-10', '2026-02-28'), 'ended on 2026-02-28'],
    ['ends in 30 days', good.replace('2027-01-10', '2026-03-31'), 'ends in 30 days'],
    ['ends in 31 days', good.replace('2027-01-10', '2026-04-01'), undefined],
    [
      'stands beside an unsigned one',
      `${good}| Twilio | Video | no | | | |\n`,
      'Twilio (Video) has not signed',
    ],
    ['is of another vendor', good.replace('Twilio', 'AWS'), 'does not name Twilio'],
  ])('says of an agreement that %s so', (_name, rows, why) => {
    const fault = explainMissingAgreement(read(heading + rows), { vendor: 'Twilio' }, now);
    if (why === undefined) expect(fault).toBeUndefined();
    else expect(fault).toContain(why);
  });
});

describe('the register of processing agreements', () => {
  const table = (row: (purpose: string) => string): string =>
    `| Purpose | Processor | In use | Signed on | Document hash |\n|---|---|---|---|---|\n${processingPurposes.map(row).join('')}`;

  it('names what is in use without a contract', () => {
    const text = table((purpose) =>
      purpose === 'video' ? '| video | Example Ltd | yes | | |\n' : `| ${purpose} | | no | | |\n`,
    );
    expect(listUnsigned(readProcessingAgreements('p.md', text), now)).toEqual([
      'Example Ltd is used for video without a signed contract',
    ]);
  });

  it.each([
    ['that leaves a purpose out', table((purpose) => (purpose === 'sms' ? '' : `| ${purpose} | | no | | |\n`)), 'it says nothing of sms'],
    ['with a purpose that nobody knows', `${table((purpose) => `| ${purpose} | | no | | |\n`)}| fax | | no | | |\n`, 'the purpose "fax" is not known'],
    ['with nobody’s service in use', table((purpose) => `| ${purpose} | | yes | 2026-01-01 | ${hash} |\n`), 'in use by nobody'],
  ])('%s is an error', (_name, text, what) => {
    expect(() => readProcessingAgreements('p.md', text)).toThrow(
      expect.objectContaining({ detail: expect.stringContaining(what) as string }),
    );
  }); // prettier-ignore
});

describe('the register of penetration tests', () => {
  const columns =
    '| Firm | Scope | Date | Critical open | High open | Medium open | Low open | Report hash |\n|---|---|---|---|---|---|---|---|\n';
  const row = (scope: string, date: string, critical = '0') =>
    `| Example Ltd | ${scope} | ${date} | ${critical} | 1 | 0 | 0 | ${hash} |\n`;
  const gaps = (rows: string, launch: string | null = '2026-04-01') =>
    listTestGaps(readPenetrationTests('t.md', columns + rows), launch, now);
  const all = 'API endpoints, tenant isolation, OCR';

  it('is content with every scope tested two weeks before the launch', () => {
    expect(gaps(row(all, '2026-02-01'))).toEqual([]);
  });

  it.each([
    ['no test', gaps(''), 'nobody has tested ocr within a year'],
    ['a scope left out', gaps(row('API endpoints, OCR', '2026-02-01')), 'nobody has tested tenant isolation'],
    ['an old test', gaps(row(all, '2025-02-01')), 'nobody has tested api endpoints'],
    ['a test still to come', gaps(row(all, '2026-03-02')), 'nobody has tested api endpoints'],
    ['a critical finding', gaps(row(all, '2026-02-01', '2')), '2 critical findings of Example Ltd'],
    ['a launch too near', gaps(row(all, '2026-02-25'), '2026-03-05'), 'no test was made 14 days before'],
    ['no launch declared', gaps(row(all, '2026-02-01'), null), 'no day of launch is declared'],
  ])('names %s', (_name, found, what) => {
    expect(found.join('\n')).toContain(what);
  });

  it.each([
    [row('kitchen', '2026-02-01'), 'the scope "kitchen" is not known'],
    [row(all, '01.02.2026'), '"date" is no day'],
    [row(all, '2026-02-01', 'none'), '"critical open" is no number'],
    [row(all, '2026-02-01').replace(hash, 'x'), '"report hash" is no SHA-256'],
  ])('refuses %s', (text, what) => {
    expect(() => readPenetrationTests('t.md', columns + text)).toThrow(
      expect.objectContaining({ detail: expect.stringContaining(what) as string }),
    );
  });
});

it('refuses a register of a size that nobody reads', () => {
  expect(() => readTable('r.md', '|'.repeat(1_000_001), ['a'])).toThrow(
    expect.objectContaining({ code: 'register-malformed' }),
  );
});
