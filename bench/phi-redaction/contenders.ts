/**
 * Packages from npm that do the same work, side by side. They and what they bring (a cloud's client among it) stay out of
 * what Cordon installs: `npm ci --ignore-scripts --prefix bench/phi-redaction/peers` brings them for the comparison alone.
 */
import { createRequire } from 'node:module';
import { findIdentifiers } from '@cordon/phi-redaction';
import type { Range } from '../../packages/phi-redaction/testing/measure.ts';

export type FindRanges = (text: string) => readonly Range[];
type Redact = (text: string) => string;
type ClassOf<Instance> = new (options?: object) => Instance;

const require = createRequire(new URL('./peers/package.json', import.meta.url));

const PLACEHOLDER =
  /(?:PERSON_NAME|EMAIL_ADDRESS|PHONE_NUMBER|US_SOCIAL_SECURITY_NUMBER|STREET_ADDRESS|ZIPCODE|CREDIT_CARD_NUMBER|IP_ADDRESS|URL|DIGITS|USERNAME|PASSWORD|CREDENTIALS)/;

/** What of a text is gone in what a redactor made of it: what stands between its placeholders is looked for in order. */
export function findRemoved(text: string, redacted: string): Range[] {
  const removed: Range[] = [];
  let from = 0;
  const kept = redacted.split(PLACEHOLDER);
  kept.forEach((piece, index) => {
    const last = index === kept.length - 1;
    const at = last ? Math.max(from, text.length - piece.length) : text.indexOf(piece, from);
    if (at < 0) return;
    if (index > 0 && at > from) removed.push({ start: from, end: at });
    from = at + piece.length;
  });
  return removed;
}

interface CompromiseView {
  json: (
    options: object,
  ) => readonly { readonly offset: { readonly start: number; readonly length: number } }[];
}
type Compromise = (
  text: string,
) => Readonly<
  Record<'people' | 'places' | 'emails' | 'phoneNumbers' | 'urls' | 'atMentions', () => CompromiseView>
>;

/** Each without a record, which none of the peers takes. */
export const contenders: Readonly<Record<string, () => FindRanges>> = {
  'phi-redaction': () => (text) => findIdentifiers(text),
  'redact-pii 3.4.0': () => {
    const { SyncRedactor } = require('redact-pii') as { SyncRedactor: ClassOf<{ redact: Redact }> };
    const redactor = new SyncRedactor();
    return (text) => findRemoved(text, redactor.redact(text));
  },
  '@redactpii/node 1.0.17': () => {
    const { Redactor } = require('@redactpii/node') as { Redactor: ClassOf<{ redact: Redact }> };
    const redactor = new Redactor({ rules: { CREDIT_CARD: true, EMAIL: true, NAME: true, PHONE: true, SSN: true } });
    return (text) => findRemoved(text, redactor.redact(text));
  },
  // Its dates are a plugin of their own and no part of the comparison.
  'compromise 14.16.0': () => {
    const loaded = require('compromise') as Compromise | { default: Compromise };
    const read = 'default' in loaded ? loaded.default : loaded;
    return (text) => {
      const view = read(text);
      return [view.people(), view.places(), view.emails(), view.phoneNumbers(), view.urls(), view.atMentions()]
        .flatMap((found) => found.json({ offset: true }))
        .map(({ offset }) => ({ start: offset.start, end: offset.start + offset.length }));
    };
  },
}; // prettier-ignore
