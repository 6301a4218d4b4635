/**
 * What a text does not show by itself, line for line: texts written in base64 or hexadecimal, and literals that are put together. One
 * layer deep, since it is to find what was hidden by habit; who means to hide something from a search can.
 * @returns undefined where there is none.
 */
export function hiddenTexts(content: string): string | undefined {
  const lines = content.split('\n').map((line) => (line.length < 16 ? '' : hiddenIn(line).join(' ')));
  return lines.some((line) => line !== '') ? lines.join('\n') : undefined;
}

const base64Run = /[A-Za-z0-9+/_-]{22,}={0,2}/g;
const hexRun = /[0-9a-fA-F]{32,}/g;
/** The end of a literal, a plus, and the beginning of the next. */
const joint = /(['"`])\s{0,8}\+\s{0,8}\1/g;

function hiddenIn(line: string): string[] {
  const hidden: string[] = [];
  for (const [run] of line.matchAll(base64Run)) hidden.push(...readable(Buffer.from(run, 'base64')));
  for (const [run] of line.matchAll(hexRun)) hidden.push(...readable(Buffer.from(run, 'hex')));
  const joined = line.replaceAll(joint, '');
  if (joined !== line) hidden.push(joined);
  return hidden;
}

/** Bytes that are a text, in ASCII; keys and digests are none. */
function readable(bytes: Buffer): string[] {
  if (bytes.length < 16 || bytes.some((byte) => byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)))
    return [];
  return [bytes.toString('latin1').replaceAll('\n', ' ')];
} // prettier-ignore

/**
 * Bytes as the texts that they may hold: one for a text, else what stands between the others, and the same without the zeros that UTF-16
 * puts between letters.
 */
export function textsIn(bytes: Buffer): string[] {
  if (!bytes.includes(0)) return [bytes.toString('utf8')];
  const between = bytes.toString('latin1').replaceAll(/[^\t\n\r -~]+/g, '\n');
  return [between, Buffer.from(bytes.filter((byte) => byte !== 0)).toString('latin1')];
}
