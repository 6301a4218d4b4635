/**
 * Luhn check (ISO/IEC 7812-1, annex B) over decimal digit values.
 *
 * @param digits values 0–9, most significant first
 */
export function passesLuhn(digits: ArrayLike<number>): boolean {
  let sum = 0;
  for (let i = digits.length - 1, doubled = false; i >= 0; i--, doubled = !doubled) {
    const digit = digits[i] ?? 0;
    sum += doubled ? doubleDigit(digit) : digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** Twice the digit, with the digits of the product added together. */
export function doubleDigit(digit: number): number {
  return digit < 5 ? digit * 2 : digit * 2 - 9;
}
