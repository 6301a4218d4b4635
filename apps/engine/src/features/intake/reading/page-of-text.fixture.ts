import type { OcrPage, OcrWord } from './ocr-engine.ts';

const characterWidth = 12;
const letterHeight = 24;
const linePitch = 40;

/**
 * For tests: typed lines as an engine would report them, one character 12 pixels wide, letters 24 high, lines 40 apart.
 * Two or more spaces part the engine's own lines, as sparse text does. `confidences` is asked for each word.
 */
export function pageOfText(
  lines: readonly string[],
  confidences: (word: string) => number = () => 95,
): OcrPage {
  const words: OcrWord[] = [];
  const pieces: number[][] = [];
  lines.forEach((line, row) => {
    let column = 0;
    for (const piece of line.split(/( {2,})/)) {
      const indices: number[] = [];
      for (const word of piece.matchAll(/\S+/g)) {
        const left = column + word.index;
        indices.push(words.length);
        words.push({
          text: word[0],
          confidence: confidences(word[0]),
          box: {
            left: left * characterWidth,
            top: row * linePitch,
            right: (left + word[0].length) * characterWidth,
            bottom: row * linePitch + letterHeight,
          },
        });
      }
      column += piece.length;
      if (indices.length > 0) pieces.push(indices);
    }
  });
  const text = pieces.map((piece) => piece.map((index) => words[index]?.text ?? '').join(' ')).join('\n');
  return { words, lines: pieces, text, rotationRadians: 0, scale: 1 };
}
