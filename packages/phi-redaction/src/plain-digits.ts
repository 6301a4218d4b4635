const OTHER_DIGIT = /[^\P{Nd}0-9]/gu;

/** Code point of the zero of the script that a digit belongs to: Unicode keeps each script's ten digits together. */
function valueOf(digit: string): string {
  let code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    value += 1;
  }
  return String(value);
}

/**
 * The text with the digits of all scripts as ASCII ones and dashes and spaces of all kinds as plain ones, unit by unit: positions
 * stay. Digits beyond the Basic Multilingual Plane become their digit and a zero-width joiner, which keeps their two units.
 */
export function plainDigits(text: string): string {
  return text
    .replace(OTHER_DIGIT, (digit) => valueOf(digit) + '\u200d'.repeat(digit.length - 1))
    .replace(/\p{Pd}|\u2212/gu, (dash) => '-'.padEnd(dash.length, '\u200d'))
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ');
}
