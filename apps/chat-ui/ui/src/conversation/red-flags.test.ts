import { expect, it } from 'vitest';
import { namesRedFlag } from './red-flags.ts';

it.each([
  "I can't breathe properly since last night",
  'Its hard to swallow and my jaw hurts',
  'my face is swollen up to the eye',
  'My neck is really swollen',
  'The bleeding WON’T STOP after the extraction',
  'there is a lot of blood, it is bleeding heavily',
  'he was knocked out for a minute',
  'I hit my head and my front tooth was knocked out',
  'chest pain and toothache',
  'I think it is an allergic reaction',
  'some days I want to die',
  'I took too many paracetamol',
  'difficulty in opening my mouth',
  'I can\u200b\u2019t bre\u00adathe',
  'my face is swollen and I have a temperature',
  'She collapsed in the bathroom',
  'his speech is slurred',
  "I don't want to be here any more",
])('sees a sign of an emergency in %j', (text) => {
  expect(namesRedFlag(text)).toBe(true);
});

it.each([
  'When are you open on Saturdays?',
  'My gums bleed a little when I brush',
  'I have had a toothache for two days',
  'How do I book a check-up for my son?',
  'My crown came loose',
  '',
])('sees none in %j', (text) => {
  expect(namesRedFlag(text)).toBe(false);
});

it('takes no longer over a text made to be slow', () => {
  expect(namesRedFlag('swollen '.repeat(200_000))).toBe(false);
});
