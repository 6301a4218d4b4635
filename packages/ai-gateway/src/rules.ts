import type { AiGatewayFile } from '@cordon/access-policy';
import { scrub } from '@cordon/pan-scrubber';
import { listOrders, type Passage } from '@cordon/phi-redaction';
import { RE2JS } from 're2js';
import { AiGatewayError } from './error.ts';

/** Secrets by their form: keys and tokens of common issuers, and what stands behind the word for it. */
const CREDENTIALS: readonly RegExp[] = [
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/gu,
  /\b(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA|ASIA|AIza)[-_]?[\w-]{16,}/gu,
  /-----BEGIN [A-Z ]{3,30}-----[\s\S]{1,10000}?-----END [A-Z ]{3,30}-----/gu,
  /(?<=\b(?:password|passcode|passwd|pwd|pin|otp|secret|api[ _-]?key|token|bearer|one[- ]time code|security code|cvv|cvc)\b(?:\s(?:is|was))?\s?[:=]?\s{0,2}["'“]?)[^\s"'“”,;]*[\d!$%^&*_#@][^\s"'“”,;]*/giu,
];
/** What each of them has in it: without looking back, so that a text without any is passed over quickly. */
const MAY_HOLD_CREDENTIAL =
  /eyj|(?:sk|pk|rk|gh[po]|xox[abp]|akia|asia|aiza)[-_\w]|-----begin|pass|pwd|pin|otp|secret|api[ _-]?key|token|bearer|code|cv[cv]/i;
const CREDENTIAL_REMOVED = '[credential_removed]';

/** What stands before a credential, at the end of a text. */
const CREDENTIAL_FOLLOWS =
  /\b(?:password|passcode|passwd|pwd|pin|otp|secret|api[ _-]?key|token|bearer|one[- ]time code|security code|cvv|cvc)\b(?:\s(?:is|was))?\s?[:=]?\s{0,2}$/iu;
const CREDENTIAL_FIRST = /^\s{0,2}["'“]?[^\s"'“”,;]{0,200}[\d!$%^&*_#@][^\s"'“”,;]*/u;

/** Texts as they are read one after another, without what must not leave in any form. */
export type RemoveForGood = (passages: readonly Passage[]) => string[];

/**
 * The rules that remove for good, before anything is given a pseudonym: card numbers, also those that several texts hold a part of,
 * credentials, and the patterns of the configuration (RE2: linear in time, `(?i)` accepted).
 * @throws {AiGatewayError} `ai-config-invalid` with the id of a pattern that does not compile
 */
export function compileRules(file: AiGatewayFile): RemoveForGood {
  const patterns = file.redaction.patternRules.map(({ id, match, replacement }) => {
    try {
      const pattern = RE2JS.compile(match);
      const written = RE2JS.quoteReplacement(replacement);
      // Whether there is anything to replace is answered by an automaton, in a tenth of the time.
      return (text: string): string =>
        pattern.test(text) ? pattern.matcher(text).replaceAll(written) : text;
    } catch (cause) {
      throw new AiGatewayError('ai-config-invalid', `pattern ${id} does not compile`, { cause });
    }
  });
  const noCredentials = file.redaction.fieldBlacklist.includes('authCredentials');
  return (passages) => {
    const orders = listOrders(passages);
    const scrubbed = scrubInOrders(passages, orders);
    const behindLabel = new Set(noCredentials ? orders.flatMap((order) => listBehindLabels(scrubbed, order)) : []);
    return scrubbed.map((text, index) => {
      let changed = behindLabel.has(index) ? text.replace(CREDENTIAL_FIRST, CREDENTIAL_REMOVED) : text;
      if (noCredentials && MAY_HOLD_CREDENTIAL.test(changed))
        for (const pattern of CREDENTIALS) changed = changed.replace(pattern, CREDENTIAL_REMOVED);
      for (const replace of patterns) changed = replace(changed);
      return changed;
    });
  };
} // prettier-ignore

/** Texts that follow one whose last words announce a credential. */
function listBehindLabels(texts: readonly string[], order: readonly number[]): number[] {
  return order.filter((_, at) => CREDENTIAL_FOLLOWS.test((texts[order[at - 1] ?? -1] ?? '').slice(-60)));
}

/** As the texts follow each other, and as each voice goes on with others between. */
function scrubInOrders(passages: readonly Passage[], [, ...voices]: readonly (readonly number[])[]): string[] {
  const [first] = passages;
  if (first === undefined) return [];
  if (passages.length === 1) return [scrub(first.text).value];
  const texts = scrub(passages.map(({ text }) => text)).value;
  for (const order of voices) {
    const own = scrub(order.map((index) => texts[index] ?? '')).value;
    order.forEach((index, at) => {
      texts[index] = own[at] ?? '';
    });
  }
  return texts;
} // prettier-ignore
