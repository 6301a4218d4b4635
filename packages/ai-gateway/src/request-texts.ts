import { findIdentifiers, type KnownIdentifiers, type Passage } from '@cordon/phi-redaction';
import { keepLabels } from './build-input.ts';
import { clearText } from './clear-text.ts';
import { AiGatewayError } from './error.ts';
import type { CheckedCall } from './gateway.ts';
import { mapMessage, mapTool, type ChangeText, type TextChanges } from './map-texts.ts';
import type { ChatMessage, ChatTool } from './request.ts';

type Texts = Pick<CheckedCall, 'request' | 'tools' | 'labels'>;

interface WrittenTexts {
  readonly messages: readonly ChatMessage[];
  readonly sentTools: readonly ChatTool[];
}

/**
 * The texts of a call in the order in which they are met: those that are read one after another, with whose words they are, and those
 * that are read alone.
 * @throws {AiGatewayError} `ai-request-invalid` where a tool is named after somebody
 */
export function readTexts(
  call: Texts,
  known: KnownIdentifiers,
): { readonly together: readonly Passage[]; readonly apart: readonly string[] } {
  const together: Passage[] = [];
  const apart: string[] = [];
  let voice = '';
  mapAll(call, {
    hear: (role) => {
      voice = role;
    },
    change: (text) => {
      together.push({ text: clearText(text), voice });
      return text;
    },
    changeApart: (text) => {
      apart.push(clearText(text));
      return text;
    },
    refuseNames: (name) => {
      const words = name.replaceAll(/[_-]+|(?<=\p{Ll})(?=\p{Lu})/gu, ' ').toLowerCase();
      if (findIdentifiers(words, known).length > 0)
        throw new AiGatewayError('ai-request-invalid', 'a tool is named after somebody');
    },
    idFor: (id) => id,
  });
  return { together, apart };
}

/** The call with other texts in the places of its own, and ids of our own. */
export function writeTexts(
  call: Texts,
  { together, apart }: Readonly<Record<'together' | 'apart', readonly string[]>>,
): WrittenTexts {
  const ids = new Map<string, string>();
  return mapAll(call, {
    hear: () => undefined,
    change: takeInOrder(together),
    changeApart: takeInOrder(apart),
    refuseNames: () => undefined,
    idFor: (id) => {
      const own = ids.get(id) ?? `call_${ids.size + 1}`;
      ids.set(id, own);
      return own;
    },
  });
}

/** The call is gone through in the same order again. A text that has no other would leave as it came. */
function takeInOrder(texts: readonly string[]): ChangeText {
  let at = 0;
  return () => {
    const text = texts[at];
    at += 1;
    if (text === undefined) throw new AiGatewayError('ai-check-failed', 'a text was not looked at');
    return text;
  };
}

function mapAll(
  { request, tools, labels }: Texts,
  changes: TextChanges & { readonly hear: (role: ChatMessage['role']) => void },
): WrittenTexts {
  const labelled = { ...changes, change: keepLabels(labels, changes.change) };
  return {
    messages: request.messages.map((message) => {
      changes.hear(message.role);
      return mapMessage(message, labelled);
    }),
    sentTools: tools.map((tool) => mapTool(tool, changes)),
  };
}
