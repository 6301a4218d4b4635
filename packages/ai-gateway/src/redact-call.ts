import {
  compileKnown,
  findAcross,
  findIdentifiers,
  Pseudonyms,
  type Finding,
  type IdentifierKind,
  type KnownIdentifiers,
  type KnownPerson,
  type Passage,
} from '@cordon/phi-redaction';
import type { CheckedCall, GatewayContext } from './gateway.ts';
import type { ChatMessage, ChatTool } from './request.ts';
import { readTexts, writeTexts } from './request-texts.ts';
import type { RemoveForGood } from './rules.ts';

export interface RedactedCall {
  readonly messages: readonly ChatMessage[];
  readonly sentTools: readonly ChatTool[];
  readonly redaction: {
    readonly known: KnownIdentifiers;
    readonly pseudonyms: Pseudonyms;
    readonly replaced: Readonly<Partial<Record<IdentifierKind, number>>>;
  };
  /** Of what was replaced, how much stood in messages of the user: the rest a model or a tool had said. */
  readonly replacedOfUser: number;
}

/**
 * Every text of a call without who it is about, each piece of it where it stands. Texts are looked at together: a number may begin in one
 * and end in the next, and a stranger who is introduced in one (“my friend Zelda”) is looked for in all (“is zelda coming”).
 */
export function redact(
  call: Pick<CheckedCall, 'request' | 'tools' | 'labels'>,
  context: GatewayContext,
  removeForGood: RemoveForGood,
): RedactedCall {
  const known = compileOnce(context.known);
  const read = readTexts(call, known);
  const together = removeForGood(read.together).map((text, index) => ({ text, voice: read.together[index]?.voice ?? '' }));
  const apart = read.apart.flatMap((text) => removeForGood([{ text, voice: '' }]));
  let found = findAll(together, apart, known);
  const strangers = listStrangers([...together.map(({ text }) => text), ...apart], found);
  if (strangers.length > 0)
    found = findAll(together, apart, compileKnown([...context.known, { names: strangers }]));
  const pseudonyms = new Pseudonyms(context.derive);
  const replaced: Partial<Record<IdentifierKind, number>> = {};
  for (const { kind } of found.flat()) replaced[kind] = (replaced[kind] ?? 0) + 1;
  const write = (text: string, index: number): string => pseudonyms.replace(text, found[index] ?? []);
  const written = writeTexts(call, {
    together: together.map(({ text }, index) => write(text, index)),
    apart: apart.map((text, index) => write(text, together.length + index)),
  });
  const replacedOfUser = together.reduce((sum, { voice }, index) => sum + (voice === 'user' ? (found[index]?.length ?? 0) : 0), 0);
  return { ...written, redaction: { known, pseudonyms, replaced }, replacedOfUser };
} // prettier-ignore

function findAll(
  together: readonly Passage[],
  apart: readonly string[],
  known: KnownIdentifiers,
): Finding[][] {
  return [...findAcross(together, known), ...apart.map((text) => findIdentifiers(text, known))];
}

/** People whom no record tells of, and of whom something still stands in one of the texts: seldom any, and only then all are searched again. */
function listStrangers(texts: readonly string[], found: readonly (readonly Finding[])[]): string[] {
  const named = new Set<string>();
  texts.forEach((text, index) => {
    for (const { kind, source, start, end } of found[index] ?? [])
      if (kind === 'person' && source === 'context') named.add(text.slice(start, end));
  });
  if (named.size === 0) return [];
  const left = new Set(texts.flatMap((text, index) => wordsOf(leaveOut(text, found[index] ?? []))));
  return [...named].filter((name) => wordsOf(name).some((word) => word.length > 2 && left.has(word)));
}

function leaveOut(text: string, findings: readonly Finding[]): string {
  let left = '';
  let from = 0;
  for (const { start, end } of findings) {
    left += `${text.slice(from, start)} `;
    from = end;
  }
  return left + text.slice(from);
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u);

/** The same people, asked about again in the next turn, are made ready once. */
const compiled = new WeakMap<readonly KnownPerson[], KnownIdentifiers>();

function compileOnce(people: readonly KnownPerson[]): KnownIdentifiers {
  const known = compiled.get(people) ?? compileKnown(people);
  compiled.set(people, known);
  return known;
}
