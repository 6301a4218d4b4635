/** Forms whose only question is whether a number survives: the same sheet, the number elsewhere and written otherwise. */
import type { FormCase, FormLayout, FormSheet } from './form-case.ts';
import { amiraSheet, english } from './patient-sheet.ts';

type Field = keyof NonNullable<Parameters<typeof amiraSheet>[0]>;

interface Planting {
  readonly id: string;
  readonly shows: string;
  readonly layout: FormLayout;
  readonly changes?: Partial<Record<Field, readonly string[]>>;
  readonly notes?: readonly string[];
  readonly sheet?: Partial<FormSheet>;
  readonly planted: readonly string[];
  /** Numbers that the reader must have seen; fewer than planted where no OCR can. */
  readonly seen?: number;
}

const visa = '4111111111111111';
const visaOther = '4012888888881881';
const mastercard = '5555555555554444';
const mastercardOther = '5105105105105100';
const amex = '378282246310005';
const discover = '6011111111111117';
const jcb = '3530111333300000';
const diners = '30569309025904';

const plantings: readonly Planting[] = [
  { id: 'lines-card-in-nhs-number', shows: 'a number where the NHS number belongs', layout: 'lines', changes: { nhsNumber: ['4012 8888 8888 1881'] }, planted: [visaOther] },
  { id: 'boxed-card-in-allergies', shows: 'a number among the allergies, in a box', layout: 'boxed', changes: { allergies: ['Penicillin 5105 1051 0510 5100'] }, planted: [mastercardOther] },
  { id: 'boxed-card-dashed', shows: 'a number in groups with dashes', layout: 'boxed', notes: ['card 4111-1111-1111-1111'], planted: [visa] },
  { id: 'lines-card-dotted', shows: 'a number in groups with dots', layout: 'lines', notes: ['card 5555.5555.5555.4444'], planted: [mastercard] },
  { id: 'lines-card-solid', shows: 'a number in one run', layout: 'lines', notes: ['6011111111111117'], planted: [discover] },
  { id: 'stacked-card-in-allergies', shows: 'a number under its label', layout: 'stacked', changes: { allergies: ['3530 1113 3330 0000'] }, planted: [jcb] },
  { id: 'lines-amex-in-medication', shows: 'an American Express number in the medication', layout: 'lines', changes: { medication: ['Metformin, 3782 822463 10005'] }, planted: [amex] },
  { id: 'boxed-diners-in-reason', shows: 'a number of fourteen digits', layout: 'boxed', changes: { reasonForVisit: ['Crown, 3056 930902 5904'] }, planted: [diners] },
  { id: 'lines-two-cards', shows: 'two numbers in a row', layout: 'lines', notes: ['4111 1111 1111 1111', '5555 5555 5555 4444'], planted: [visa, mastercard] },
  { id: 'lines-card-with-expiry', shows: 'an expiry beside the number', layout: 'lines', notes: ['4012 8888 8888 1881 exp 12/29 cvc 123'], planted: [visaOther] },
  { id: 'boxed-card-over-two-lines', shows: 'a number that wraps inside one box', layout: 'boxed', changes: { medicalHistory: ['Diabetes. Pay by 4111 1111', '1111 1111 please'] }, planted: [visa] },
  { id: 'lines-card-over-two-fields', shows: 'a number spread over two fields', layout: 'lines', changes: { allergies: ['5555 5555'], medication: ['5555 4444'] }, planted: [mastercard] },
  { id: 'boxed-card-in-address', shows: 'a number as a line of the address', layout: 'boxed', changes: { address: ['14 Larkspur Terrace', '6011 1111 1111 1117'] }, planted: [discover] },
  { id: 'lines-card-in-email', shows: 'a number in front of the email', layout: 'lines', changes: { email: ['4111111111111111@example.com'] }, planted: [visa] },
  { id: 'boxed-card-in-birth-date', shows: 'a number where the birth date belongs', layout: 'boxed', changes: { dateOfBirth: ['3782 822463 10005'] }, planted: [amex] },
  { id: 'lines-card-glued-to-a-word', shows: 'letters in front of the number', layout: 'lines', notes: ['CARD4111111111111111'], planted: [visa] },
  { id: 'lines-card-in-margin', shows: 'a number in the margin', layout: 'lines', sheet: { margin: 'tel order 5105 1051 0510 5100' }, planted: [mastercardOther] },
  { id: 'lines-card-up-the-side', shows: 'a number that climbs the margin', layout: 'lines', sheet: { sideMargin: '5555 5555 5555 4444' }, planted: [mastercard], seen: 0 },
  { id: 'tilted-card-in-phone', shows: 'a tilted, grainy page, a number for the phone', layout: 'boxed', changes: { phone: ['4111 1111 1111 1111'] }, sheet: { capture: { tiltDegrees: -2.2, grain: 10 } }, planted: [visa] },
  { id: 'handwritten-card-in-notes', shows: 'hand-written-like type in boxes', layout: 'boxed', notes: ['5555 5555 5555 4444'], sheet: { handwritten: true }, planted: [mastercard], seen: 0 },
]; // prettier-ignore

export const moreCases: readonly FormCase[] = plantings.map((planting) => ({
  id: planting.id,
  // Grain does not compress without loss.
  file: `${planting.id}.${planting.sheet?.capture ? 'jpg' : 'png'}`,
  mediaType: planting.sheet?.capture ? 'image/jpeg' : 'image/png',
  shows: planting.shows,
  pages: 1,
  sheet: {
    ...english,
    layout: planting.layout,
    entries: amiraSheet(
      Object.fromEntries(
        Object.entries(planting.changes ?? {}).map(([field, written]) => [field, { written }]),
      ),
      planting.notes ? [{ label: 'Notes', written: planting.notes }] : [],
    ),
    ...planting.sheet,
  },
  plantedNumbers: planting.planted,
  expected: { outcome: 'clean', seen: planting.seen ?? planting.planted.length },
}));
