/**
 * The synthetic dental intake forms: what is printed on each, what a reader must find, and which card numbers
 * are planted. Nobody on them exists.
 *
 * - Card numbers are the networks' published test numbers (Visa, Mastercard, American Express, Discover, JCB).
 * - NHS numbers come from the range 999 000 0000 – 999 999 9999, which is never issued, with a valid check digit.
 * - Telephone numbers come from Ofcom's ranges for use in drama; e-mail addresses from RFC 2606.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import type { FormCase } from './form-case.ts';
import { moreCases } from './more-cases.ts';
import { amira, amiraSheet, english, without } from './patient-sheet.ts';

export type * from './form-case.ts';

const detailedCases: readonly FormCase[] = [
  {
    id: 'boxed-clean',
    file: 'boxed-clean.png',
    mediaType: 'image/png',
    shows: 'boxed fields, no card number',
    pages: 1,
    sheet: { ...english, layout: 'boxed', entries: amiraSheet() },
    plantedNumbers: [],
    expected: { outcome: 'read', fields: amira, emptied: [] },
  },
  {
    id: 'lines-card-in-notes',
    file: 'lines-card-in-notes.png',
    mediaType: 'image/png',
    shows: 'dotted lines, a Mastercard number in the notes',
    pages: 1,
    sheet: {
      ...english,
      layout: 'lines',
      entries: amiraSheet({}, [
        { label: 'Notes', written: ['Please charge 5555 5555 5555 4444', 'before the visit, thank you'] },
      ]),
    },
    plantedNumbers: ['5555555555554444'],
    expected: {
      outcome: 'read',
      fields: { ...amira, notes: 'Please charge [REDACTED-PAN] before the visit, thank you' },
      emptied: [],
    },
  },
  {
    id: 'boxed-card-in-phone',
    file: 'boxed-card-in-phone.png',
    mediaType: 'image/png',
    shows: 'a Visa number where the telephone number belongs, in a box',
    pages: 1,
    sheet: {
      ...english,
      layout: 'boxed',
      entries: amiraSheet({ phone: { written: ['4111 1111 1111 1111'] } }),
    },
    plantedNumbers: ['4111111111111111'],
    expected: { outcome: 'read', fields: without('phone'), emptied: ['phone'] },
  },
  {
    id: 'stacked-card-in-reason',
    file: 'stacked-card-in-reason.png',
    mediaType: 'image/png',
    shows: 'boxes under their labels in two columns, an ungrouped number in the reason for visit',
    pages: 1,
    sheet: {
      ...english,
      layout: 'stacked',
      entries: amiraSheet({
        fullName: { half: true },
        postcode: { half: true },
        email: { half: true },
        reasonForVisit: { written: ['Loose crown, card 4012888888881881', 'upper right'] },
      }),
    },
    plantedNumbers: ['4012888888881881'],
    expected: {
      outcome: 'read',
      fields: { ...amira, reasonForVisit: 'Loose crown, card [REDACTED-PAN] upper right' },
      emptied: [],
    },
  },
  {
    id: 'tilted-card-in-margin',
    file: 'tilted-card-in-margin.jpg',
    mediaType: 'image/jpeg',
    shows: 'a tilted, grainy JPEG with an American Express number in the margin',
    pages: 1,
    sheet: {
      ...english,
      layout: 'lines',
      entries: amiraSheet(),
      margin: 'amex 3782 822463 10005',
      capture: { tiltDegrees: 1.7, grain: 14 },
    },
    plantedNumbers: ['378282246310005'],
    expected: { outcome: 'read', fields: amira, emptied: [] },
  },
  {
    id: 'sideways-exif',
    file: 'sideways-exif.jpg',
    mediaType: 'image/jpeg',
    shows: 'a JPEG stored on its side with an EXIF orientation, a number in the emergency contact',
    pages: 1,
    sheet: {
      ...english,
      layout: 'boxed',
      entries: amiraSheet({
        emergencyContact: { written: ['Tom Holloway, brother, 5105 1051 0510 5100'] },
      }),
      capture: { exifSideways: true, grain: 6 },
    },
    plantedNumbers: ['5105105105105100'],
    expected: {
      outcome: 'read',
      fields: { ...amira, emergencyContact: 'Tom Holloway, brother, [REDACTED-PAN]' },
      emptied: [],
    },
  },
  {
    id: 'text-pdf-two-pages',
    file: 'text-pdf-two-pages.pdf',
    mediaType: 'application/pdf',
    shows: 'a PDF with a text layer over two pages, two numbers on the second',
    pages: 2,
    sheet: {
      ...english,
      layout: 'boxed',
      pdf: 'text',
      entries: amiraSheet(
        {
          medicalHistory: {
            newPage: true,
            written: ['Type 2 diabetes since 2016.', 'Knee replaced in 2019. 6011-1111-1111-1117'],
          },
        },
        [{ label: 'Notes', written: ['3530 1113 3330 0000'] }],
      ),
    },
    plantedNumbers: ['6011111111111117', '3530111333300000'],
    expected: {
      outcome: 'read',
      fields: {
        ...amira,
        medicalHistory: 'Type 2 diabetes since 2016. Knee replaced in 2019. [REDACTED-PAN]',
      },
      emptied: ['notes'],
    },
  },
  {
    id: 'image-pdf-card-in-address',
    file: 'image-pdf-card-in-address.pdf',
    mediaType: 'application/pdf',
    shows: 'a PDF that holds only a picture, a number in the address',
    pages: 1,
    sheet: {
      ...english,
      layout: 'lines',
      pdf: 'image',
      entries: amiraSheet({
        address: { written: ['14 Larkspur Terrace', 'Northwold', '6011 0009 9013 9424'] },
      }),
    },
    plantedNumbers: ['6011000990139424'],
    expected: {
      outcome: 'read',
      fields: { ...amira, address: '14 Larkspur Terrace, Northwold, [REDACTED-PAN]' },
      emptied: [],
    },
  },
  {
    id: 'handwritten',
    file: 'handwritten.png',
    mediaType: 'image/png',
    shows: 'hand-written-like type, a number beside the medication',
    pages: 1,
    sheet: {
      ...english,
      layout: 'lines',
      handwritten: true,
      entries: amiraSheet({ medication: { written: ['Metformin 3566 0020 2036 0505'] } }),
    },
    plantedNumbers: ['3566002020360505'],
    // Type like handwriting is read with too little confidence to be stored unseen: a person has to look.
    expected: { outcome: 'refused', code: 'intake-form-invalid', fields: ['postcode'] },
  },
  {
    id: 'without-a-name',
    file: 'without-a-name.png',
    mediaType: 'image/png',
    shows: 'a form nobody put a name on',
    pages: 1,
    sheet: { ...english, layout: 'boxed', entries: amiraSheet({ fullName: { written: [] } }) },
    plantedNumbers: [],
    expected: { outcome: 'refused', code: 'intake-form-invalid', fields: ['fullName'] },
  },
  {
    id: 'card-for-a-name',
    file: 'card-for-a-name.png',
    mediaType: 'image/png',
    shows: 'a card number where the name belongs, and nothing else there',
    pages: 1,
    sheet: {
      ...english,
      layout: 'lines',
      entries: amiraSheet({ fullName: { written: ['5555 5555 5555 4444'] } }),
    },
    plantedNumbers: ['5555555555554444'],
    expected: { outcome: 'refused', code: 'intake-form-invalid', fields: ['fullName'] },
  },
  {
    id: 'in-french',
    file: 'in-french.png',
    mediaType: 'image/png',
    shows: 'a form in another language, with a card number',
    pages: 1,
    sheet: {
      layout: 'boxed',
      practice: 'Cabinet dentaire du Vieux Port',
      heading: 'Questionnaire pour les nouveaux venus',
      entries: [
        { label: 'Nom et prénom', written: ['Margaux Delaunay'] },
        { label: 'Né(e) le', written: ['21 juillet 1975'] },
        { label: 'Domicile', written: ['3 rue des Tilleuls, Valmont'] },
        { label: 'Joindre au', written: ['01 99 00 12 34'] },
        { label: 'Courriel', written: ['margaux.delaunay@example.org'] },
        { label: 'Sensibilités', written: ['Pollen'] },
        { label: 'Traitements', written: ['Aucun'] },
        { label: 'Motif', written: ['Douleur aux gencives, 4111 1111 1111 1111'] },
      ],
    },
    plantedNumbers: ['4111111111111111'],
    expected: {
      outcome: 'refused',
      code: 'intake-form-unreadable',
      fields: ['fullName', 'dateOfBirth', 'phone', 'email', 'address'],
    },
  },
];

export const formCases: readonly FormCase[] = [...detailedCases, ...moreCases];

/** Read by OCR itself in every run; the others by their recorded word boxes, and all of them in the full run. */
export const liveForms: ReadonlySet<string> = new Set([
  'boxed-clean',
  'lines-card-in-notes',
  'boxed-card-in-phone',
  'stacked-card-in-reason',
  'tilted-card-in-margin',
  'sideways-exif',
  'text-pdf-two-pages',
  'image-pdf-card-in-address',
]);

export function findFormCase(id: string): FormCase {
  const found = formCases.find((formCase) => formCase.id === id);
  if (!found) throw new Error(`There is no synthetic form named ${id}.`);
  return found;
}

export function readFormFile(id: string): Buffer {
  return readFileSync(new URL(`rendered/${findFormCase(id).file}`, import.meta.url));
}

/** The committed file of a case, as an upload would bring it. */
export async function loadForm(id: string): Promise<Buffer> {
  return readFile(new URL(`rendered/${findFormCase(id).file}`, import.meta.url));
}
