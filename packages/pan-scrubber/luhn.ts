/** Luhn check (ISO/IEC 7812-1, annex B) over the ASCII digits of a text; other characters are passed over. */
export function passesLuhn(text: string): boolean {
  let sum = 0;
  let count = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) continue;
    sum += (count & 1) === 1 ? doubleDigit(digit) : digit;
    count++;
  }
  return count > 0 && sum % 10 === 0;
}

/** Twice the digit, with the digits of the product added together. */
export function doubleDigit(digit: number): number {
  return digit < 5 ? digit * 2 : digit * 2 - 9;
}
