import { showPlainly } from '@cordon/clinic-page';

/**
 * Words after which nobody should wait for an answer in a chat. Kept wide: advice that was not needed costs a glance. After the signs
 * that NICE CKS "Dental abscess" and NHS 111's dental pathway send to an emergency department (airway, spreading infection, bleeding,
 * head injury), and danger to oneself.
 */
const signs: readonly RegExp[] = [
  /\b(?:can'?t|cannot|can not|hard(?:er)?|difficult(?:y)?|trouble|struggl\w*|unable) (?:to |with |in |when )*(?:breath\w*|swallow\w*|open(?:ing)? (?:my|his|her|their|the) (?:mouth|jaw))/,
  /\b(?:breath\w*|swallow\w*) (?:is |has become |getting )*(?:hard|difficult|impossible|a problem)/,
  /\b(?:chok(?:e|es|ing)|gasping|wheez\w*|short(?:ness)? of breath|out of breath|turning blue)\b/,
  /\b(?:not|stopped|stops) breathing\b/,
  /\b(?:swell\w*|swollen|puff\w*)\b.{0,40}\b(?:eyes?|face|fever\w*|temperature|neck|throat|tongue|floor of (?:my|the) mouth|whole face)\b/,
  /\b(?:eyes?|face|fever\w*|temperature|neck|throat|tongue)\b.{0,30}\b(?:swell\w*|swollen|closing|closed up)\b/,
  /\b(?:bleed\w*|blood)\b.{0,40}\b(?:won'?t stop|wont stop|not stop\w*|heav(?:y|ily)|a lot|pouring|gushing|for hours|non-?stop)/,
  /\b(?:won'?t|wont|does(?:n'?t| not)|can'?t) stop (?:the )?bleed\w*/,
  /\b(?:knocked|passed|blacked) out\b|\bunconscious\b|\bunresponsive\b|\bcollaps\w*|\bseizure\b|\bfaint(?:ed|ing)\b|\bhead injur\w*|\bhit (?:my|his|her|their) head\b/,
  /\bchest (?:pain|tight\w*)|\bpain in (?:my|his|her|the) chest\b|\bheart attack\b|\bstroke\b|\bslurr\w*|\bface (?:is )?droop\w*/,
  /\banaphyla\w*|\bepi-?pen\b|\bsevere(?:ly)? allerg\w*|\ballergic reaction\b/,
  /\bsuicid\w*|\bkill(?:ing)? (?:myself|himself|herself)\b|\bend(?:ing)? my life\b|\b(?:harm|hurt)(?:ing)? myself\b|\bself[- ]?harm\w*|\bwant(?:ed)? to die\b|(?:\bnot|n't) want to (?:live|be here)\b/,
  /\boverdos\w*|\btook too (?:many|much)\b|\bsepsis\b|\bconfused and (?:hot|feverish)\b/,
  /\bknocked[- ]out (?:tooth|teeth)\b|\b(?:tooth|teeth)\b.{0,20}\b(?:knocked out|fell out after|came out after)\b|\b(?:broken|dislocated) jaw\b/,
];

/** Longer texts are cut before they are looked at: the composer takes fewer characters. */
const longestText = 4_000;

/** Whether a text names a sign of an emergency. Runs before anything is sent, and needs no answer from anywhere. */
export function namesRedFlag(text: string): boolean {
  const plain = showPlainly(text.slice(0, longestText))
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘ʼ´`]/g, "'")
    .replace(/\s+/g, ' ');
  return signs.some((sign) => sign.test(plain));
}
