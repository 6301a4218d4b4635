import { KNOWN_ACTIONS } from './known-actions.ts';

const NOUNS: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ['Patient', ['a patient record', 'patients']],
  ['IntakeForm', ['an intake form', 'intake forms']],
  ['IntakePicture', ['the picture of an intake form', 'pictures of intake forms']],
  ['Alert', ['an alert', 'alerts']],
  ['ChatTranscript', ['a conversation with the assistant', 'conversations with the assistant']],
  ['VisitorConversation', ['a conversation of the site', 'conversations of the site']],
] satisfies [string, [string, string]][]);

/** Puts the resource in the place of the noun; one that nobody knows is "a record". */
export function fillNoun(words: string, resourceType: string | null): string {
  const [one, many] = NOUNS.get(resourceType ?? '') ?? ['a record', 'records'];
  return words.replace('{one}', one).replace('{many}', many);
}

/** An id or a code as lower-case words. */
export function sayId(id: string): string {
  return id
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_.]+/g, ' ')
    .trim()
    .toLowerCase();
}

/** An action's own words, for the filter; one without words is made readable. */
export function nameOfAction(action: string): string {
  const words = KNOWN_ACTIONS.get(action)?.name ?? sayId(action);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
