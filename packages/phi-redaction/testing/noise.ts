import type { Random } from './random.ts';
import type { Piece } from './slots.ts';
import { makeSlip } from './words.ts';

/** What people’s hands and keyboards do to a message. */
export interface Noise {
  readonly letters: 'as written' | 'lower' | 'upper';
  readonly dropsPunctuation: boolean;
  readonly slips: boolean;
  readonly emoji: boolean;
  readonly curlyApostrophes: boolean;
  readonly doubleSpaces: boolean;
}

export function drawNoise(random: Random): Noise {
  const letters = random.next();
  return {
    letters: letters < 0.16 ? 'lower' : letters < 0.2 ? 'upper' : 'as written',
    dropsPunctuation: random.chance(letters < 0.16 ? 0.5 : 0.04),
    slips: random.chance(0.12),
    emoji: random.chance(0.06),
    curlyApostrophes: random.chance(0.5),
    doubleSpaces: random.chance(0.05),
  };
}

/** Slips, lost marks and doubled spaces come between the details, case and apostrophes everywhere. */
export function addNoise(pieces: readonly Piece[], noise: Noise, random: Random): Piece[] {
  const noisy = pieces.map((piece) => {
    let { text } = piece;
    if (piece.type === undefined) {
      if (noise.dropsPunctuation) text = text.replaceAll(/[.,!?;](?=\s|$)/gu, '');
      if (noise.slips)
        text = text.replaceAll(/\p{Ll}{5,}/gu, (word) => (random.chance(0.12) ? makeSlip(word, random) : word));
      if (noise.doubleSpaces) text = text.replaceAll(/(?<=[.,]) /gu, '  ');
    }
    if (noise.curlyApostrophes) text = text.replaceAll("'", '’');
    if (noise.letters === 'lower') text = text.toLowerCase();
    if (noise.letters === 'upper') text = text.toUpperCase();
    return { ...piece, text };
  });
  return noise.emoji ? [...noisy, { text: ` ${random.pick(['😬', '🦷', '🙏🏽', '😭😭', '👍', '❤️'])}` }] : noisy;
} // prettier-ignore
