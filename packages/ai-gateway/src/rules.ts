import type { AiGatewayFile } from '@cordon/access-policy';
import { scrub } from '@cordon/pan-scrubber';
import { RE2JS } from 're2js';
import { AiGatewayError } from './error.ts';
import type { ChangeText } from './map-texts.ts';

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

/**
 * The rules that remove for good, before anything is given a pseudonym: card numbers, credentials, and the patterns of the
 * configuration (RE2: linear in time, `(?i)` accepted).
 * @throws {AiGatewayError} `ai-config-invalid` with the id of a pattern that does not compile
 */
export function compileRules(file: AiGatewayFile): ChangeText {
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
  return (text) => {
    let changed = scrub(text).value;
    if (noCredentials && MAY_HOLD_CREDENTIAL.test(changed))
      for (const pattern of CREDENTIALS) changed = changed.replace(pattern, CREDENTIAL_REMOVED);
    for (const replace of patterns) changed = replace(changed);
    return changed;
  };
}
