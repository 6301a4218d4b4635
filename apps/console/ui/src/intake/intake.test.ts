import { errorFromAnswer } from '@cordon/clinic-page';
import { describe, expect, it } from 'vitest';
import { LARGEST_FILE, checkFile, neutralName } from './file-check.ts';
import { groupReasons, nameOfField, sayReason } from './field-words.ts';
import { canCorrect, FormRefusal, readReadings } from './form-refusal.ts';
import { stageOf, titleOf } from './progress-words.ts';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0);
const PDF = new TextEncoder().encode('%PDF-1.7');

describe('a file, before it is sent', () => {
  it.each([
    ['png', PNG],
    ['jpeg', JPEG],
    ['pdf', PDF],
  ])('is known as %s by its first bytes', (type, head) => {
    expect(checkFile(1000, head)).toEqual({ ok: true, type });
  });

  it('of exactly 20 MB is taken, and one byte more is not', () => {
    expect(checkFile(LARGEST_FILE, PNG).ok).toBe(true);
    expect(checkFile(LARGEST_FILE + 1, PNG)).toMatchObject({
      ok: false,
      why: expect.stringContaining('20 MB') as string,
    });
  });

  it('that is empty is refused as empty', () => {
    expect(checkFile(0, new Uint8Array())).toMatchObject({
      ok: false,
      why: expect.stringContaining('empty') as string,
    });
  });

  it.each([
    new TextEncoder().encode('hello wo'),
    Uint8Array.of(0x89, 0x50),
    new TextEncoder().encode('GIF89a..'),
  ])('of another kind is refused whatever its name says', (head) => {
    expect(checkFile(1000, head).ok).toBe(false);
  });

  it('travels under a name that says nothing', () => {
    expect(neutralName('jpeg')).toBe('form.jpg');
    expect(neutralName('pdf')).toBe('form.pdf');
  });
});

describe('reasons for a refusal', () => {
  it('are plain words for each field and code', () => {
    expect(nameOfField('dateOfBirth')).toBe('Date of birth');
    expect(sayReason('in-the-future')).toBe('The date lies in the future.');
  });

  it('that are not known here are still readable', () => {
    expect(nameOfField('next_of-kin.phoneNumber')).toBe('Next of kin phone number');
    expect(sayReason('too-blurred')).toBe('Too blurred.');
    expect(sayReason('A whole sentence already.')).toBe('A whole sentence already.');
    expect(sayReason('--')).toBe('It was not accepted.');
    expect(nameOfField('')).toBe('The form');
  });

  it('are gathered by field, each once', () => {
    expect(
      groupReasons([
        { field: 'phone', reason: 'card-number' },
        { field: 'fullName', reason: 'missing' },
        { field: 'phone', reason: 'too-long' },
        { field: 'phone', reason: 'too-long' },
      ]).map(({ field, reasons }) => [field, reasons.length]),
    ).toEqual([
      ['phone', 2],
      ['fullName', 1],
    ]);
  });
});

describe('a refusal', () => {
  const refused = (body: object, status = 422) =>
    new FormRefusal(errorFromAnswer(status, body, null, 0), readReadings(body));

  it('carries what was read, field by field', () => {
    const body = {
      fields: [
        { field: 'postcode', reason: 'not-a-postcode', read: 'WO3 9TN' },
        { field: 'fullName', reason: 'missing' },
        { field: 'phone', reason: 'missing', read: 7 },
        null,
      ],
    };
    const refusal = refused(body);
    expect([...refusal.readings]).toEqual([['postcode', 'WO3 9TN']]);
    expect(refusal.fields).toHaveLength(3);
    expect(canCorrect(refusal)).toBe(true);
  });

  it.each([
    ['no field at all', {}, 422],
    ['a part of no form', { fields: [{ field: 'words.0.text', reason: 'too-long' }] }, 422],
    ['another answer', { fields: [{ field: 'phone', reason: 'missing' }] }, 400],
  ])('with %s cannot be corrected here', (_what, body, status) => {
    expect(canCorrect(refused(body, status))).toBe(false);
  });
});

describe('progress', () => {
  it('is told in the words of the engine where it answers', () => {
    expect(titleOf({ stage: 'reading', page: 2 }, 'Still reading')).toBe('Reading page 2');
    expect(titleOf({ stage: 'waiting', page: 0 }, 'Still reading')).toMatch(/^Waiting/);
    expect(titleOf({ stage: 'unknown', page: 0 }, 'Still reading')).toBe('Still reading');
    expect(titleOf(undefined, 'Still reading')).toBe('Still reading');
  });

  it.each([
    [0.4, 0, 'sending'],
    [1, 0, 'reading'],
    [1, 10, 'still-reading'],
    [1, 30, 'long-reading'],
  ])('with %d sent and %i seconds of reading is %s', (sent, seconds, stage) => {
    expect(stageOf(sent, seconds)).toBe(stage);
  });
});
