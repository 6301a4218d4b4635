import {
  compileKnown,
  findIdentifiers,
  Pseudonyms,
  type Finding,
  type IdentifierKind,
  type KnownIdentifiers,
  type KnownPerson,
} from '@cordon/phi-redaction';
import { keepLabels } from './build-input.ts';
import { clearText } from './clear-text.ts';
import { AiGatewayError } from './error.ts';
import type { CheckedCall, GatewayContext } from './gateway.ts';
import { mapMessage, mapTool, type ChangeText, type TextChanges } from './map-texts.ts';
import type { ChatMessage, ChatTool } from './request.ts';

export interface RedactedCall {
  readonly messages: readonly ChatMessage[];
  readonly sentTools: readonly ChatTool[];
  readonly redaction: Pick<Redaction, 'known' | 'pseudonyms' | 'replaced'>;
  /** Of what was replaced, how much stood in messages of the user: the rest a model or a tool had said. */
  readonly replacedOfUser: number;
}

/**
 * Every text of a call without who it is about. A stranger who is introduced in one of them is looked for in all: “my friend Zelda” of
 * the first turn is “is zelda coming” in the next.
 */
export function redact(
  call: Pick<CheckedCall, 'request' | 'tools' | 'labels'>,
  context: GatewayContext,
  removeForGood: ChangeText,
): RedactedCall {
  const first = changeAll(call, startRedaction(context, removeForGood));
  const strangers = listStrangers(first);
  if (strangers.length === 0) return first;
  return changeAll(call, startRedaction(context, removeForGood, strangers));
}

function changeAll(
  { request, tools, labels }: Pick<CheckedCall, 'request' | 'tools' | 'labels'>,
  redaction: Redaction,
): RedactedCall & { readonly redaction: Redaction } {
  const changes = { ...redaction, change: keepLabels(labels, redaction.change) };
  let replacedOfUser = 0;
  const messages = request.messages.map((message) => {
    const before = countAll(redaction);
    const changed = mapMessage(message, changes);
    if (message.role === 'user') replacedOfUser += countAll(redaction) - before;
    return changed;
  });
  return { messages, sentTools: tools.map((tool) => mapTool(tool, redaction)), redaction, replacedOfUser };
}

const countAll = ({ replaced }: Redaction): number =>
  Object.values(replaced).reduce((sum, count) => sum + count, 0);

/** Those of whom something still stands in one of the texts: seldom any, and only then is everything looked at again. */
function listStrangers({ messages, sentTools, redaction }: ReturnType<typeof changeAll>): string[] {
  if (redaction.named.size === 0) return [];
  const left = new Set(wordsOf(JSON.stringify([messages, sentTools])));
  return [...redaction.named].filter((name) =>
    wordsOf(name).some((word) => word.length > 2 && left.has(word)),
  );
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u);

interface Redaction extends TextChanges {
  readonly known: KnownIdentifiers;
  readonly pseudonyms: Pseudonyms;
  readonly replaced: Partial<Record<IdentifierKind, number>>;
  /** Names that no record told of, as they stand in the texts. */
  readonly named: ReadonlySet<string>;
}

/** The same people, asked about again in the next turn, are made ready once. */
const compiled = new WeakMap<readonly KnownPerson[], KnownIdentifiers>();

function compileOnce(people: readonly KnownPerson[]): KnownIdentifiers {
  const known = compiled.get(people) ?? compileKnown(people);
  compiled.set(people, known);
  return known;
}

/**
 * @param strangers people whom another text of the same call names
 */
function startRedaction(
  context: GatewayContext,
  removeForGood: ChangeText,
  strangers: readonly string[] = [],
): Redaction {
  const known = compileOnce(context.known);
  const looked = strangers.length === 0 ? known : compileKnown([...context.known, { names: strangers }]);
  const pseudonyms = new Pseudonyms(context.derive);
  const replaced: Partial<Record<IdentifierKind, number>> = {};
  const ids = new Map<string, string>();
  const named = new Set<string>();
  const count = ({ kind }: Finding): void => {
    replaced[kind] = (replaced[kind] ?? 0) + 1;
  };
  return {
    known,
    pseudonyms,
    replaced,
    named,
    idFor: (id) => {
      const own = ids.get(id) ?? `call_${ids.size + 1}`;
      ids.set(id, own);
      return own;
    },
    refuseNames: (name) => {
      const words = name.replaceAll(/[_-]+|(?<=\p{Ll})(?=\p{Lu})/gu, ' ').toLowerCase();
      if (findIdentifiers(words, known).length > 0)
        throw new AiGatewayError('ai-request-invalid', 'a tool is named after somebody');
    },
    change: (text) => {
      const cleared = removeForGood(clearText(text));
      const findings = findIdentifiers(cleared, looked);
      findings.forEach(count);
      for (const { kind, source, start, end } of findings)
        if (kind === 'person' && source === 'context') named.add(cleared.slice(start, end));
      return pseudonyms.replace(cleared, findings);
    },
  };
}
