import { blindToken } from '@cordon/field-encryption';
import { wipeSearchKeys } from '../../pipeline/change-record.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import type { NewPatient } from './insert-patient.ts';
import { compact, soundsOf, startsOf, startToFind, words } from './name-sounds.ts';

/** What tokens are made of; each has a key of its own. */
type TokenColumn =
  | 'name-whole'
  | 'name-word'
  | 'name-start'
  | 'name-sound'
  | 'date-of-birth'
  | 'phone'
  | 'email'
  | 'nhs-number';
type TokenSource = readonly [column: TokenColumn, value: string];

/** One number however it is dialled: +44 and 0044 are the United Kingdom's 0. */
const dialled = (phone: string): string => compact(phone.replace(/^(?:\+|00)44(?:\(0\))?/, '0'));

function contactSources(profile: Omit<SearchTerms, 'name'>): TokenSource[] {
  const { dateOfBirth, phone, email, nhsNumber } = profile;
  const sources: (readonly [TokenColumn, string | undefined])[] = [
    ['date-of-birth', dateOfBirth],
    ['phone', phone === undefined ? undefined : dialled(phone)],
    ['email', email?.trim().toLowerCase()],
    ['nhs-number', nhsNumber === undefined ? undefined : compact(nhsNumber)],
  ];
  return sources.flatMap(([column, value]) =>
    value === undefined || value === '' ? [] : [[column, value] as const],
  );
}

/** The blind tokens under which a patient can be found; each value of each column once. */
export function searchTokens(key: Buffer, profile: NewPatient['profile']): Buffer[] {
  const names = [...new Set(words(profile.fullName))];
  const sources: TokenSource[] = [
    ['name-whole', compact(profile.fullName)],
    ...names.map((word): TokenSource => ['name-word', word]),
    ...[...new Set(names.flatMap(startsOf))].map((start): TokenSource => ['name-start', start]),
    ...[...new Set(names.flatMap(soundsOf))].map((sound): TokenSource => ['name-sound', sound]),
    ...contactSources(profile),
  ];
  return sources.map(([column, value]) => blindToken(key, column, value));
}

export interface WantedToken {
  readonly token: Buffer;
  /** A patient is found who has a token of every group. */
  readonly group: number;
  /** How much a hit says: a whole word more than its sound. */
  readonly weight: number;
}

/** What somebody typed: whole names, or their beginnings, and details in full. */
export interface SearchTerms {
  readonly name?: string | undefined;
  readonly dateOfBirth?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly nhsNumber?: string | undefined;
}

export function wantedTokens(key: Buffer, { name = '', ...details }: SearchTerms): WantedToken[] {
  const groups: (readonly (readonly [...TokenSource, number])[])[] = words(name).map((word) => {
    const start = startToFind(word);
    return [
      ['name-word', word, 4],
      ...(start === null ? [] : [['name-start', start, 2] as const]),
      ...(start === null ? [] : soundsOf(word).map((sound) => ['name-sound', sound, 1] as const)),
    ];
  });
  groups.push(...contactSources(details).map((source) => [[...source, 4] as const]));
  return groups.flatMap((sources, group) =>
    sources.map(([column, value, weight]) => ({ token: blindToken(key, column, value), group, weight })),
  );
}

/** The tokens of one NHS number, under each key that is in use. */
export async function nhsNumberTokens(
  engine: Pick<EngineContext, 'tenantKeys'>,
  tenantId: string,
  nhsNumber: string,
): Promise<Buffer[]> {
  const search = await engine.tenantKeys.search(tenantId);
  const tokens = search.all.flatMap(({ key }) => wantedTokens(key, { nhsNumber }).map(({ token }) => token));
  wipeSearchKeys(search);
  return tokens;
}
