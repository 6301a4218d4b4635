import { literal } from '../sql.ts';

/** Further values worth trying, read from the text of a constraint: its literals, numbers, patterns and lengths. */
export function readCandidates(expression: string, baseType: string, mark: string): string[] {
  const found: string[] = [];
  const texts = [...expression.matchAll(/'((?:[^']|'')*)'/g)].map((match) =>
    (match[1] ?? '').replaceAll("''", "'"),
  );
  const isText = /^(text|character|citext|name|bpchar)/.test(baseType);
  if (isText)
    for (const [, operator = '', pattern = ''] of expression.matchAll(/(~~?\*?)\s*'((?:[^']|'')*)'/g))
      found.push(
        ...(operator.startsWith('~~')
          ? [pattern.replaceAll('%', mark).replaceAll('_', 'x'), pattern.replaceAll(/[%_]/g, 'x')]
          : samplesOf(pattern.replaceAll("''", "'"), mark)
        ).map(literal),
      );
  if (isText)
    found.push(
      ...[...expression.matchAll(/(?<![\w'.{,])(\d{1,5})(?![\w'.}])/g)].map(([, length]) =>
        literal(mark.padEnd(Number(length), '-').slice(0, Number(length))),
      ),
    );
  if (isText) found.push(...texts.map(literal), literal(mark.slice(0, 8)), literal('probe'));
  else if (baseType === 'bytea') found.push(...bytesOf(expression, mark));
  else found.push(...texts.map((text) => literal(text)));
  if (/^(smallint|integer|bigint|numeric|real|double)/.test(baseType))
    for (const value of Array.from(expression.matchAll(/(?<![\w.'])-?[\d.]+/g), ([text]) => Number(text)))
      if (Number.isFinite(value)) found.push(`(${value})`, `(${value + 1})`, `(${value - 1})`);
  return [...new Set(found)].slice(0, 24).map((value) => `${value}::${baseType}`);
}

/** Bytes of each length that the constraint names, different for each row. */
function bytesOf(expression: string, mark: string): string[] {
  return [...expression.matchAll(/(?<![\w'])(\d{1,4})(?![\w'])/g)].map(
    ([, length]) =>
      `substring(decode(repeat(encode(sha256(convert_to(${literal(mark)}, 'UTF8')), 'hex'), 64), 'hex') FROM 1 FOR ${length ?? '1'})`,
  );
}

/**
 * Texts for a regular expression of the plain kind: literal characters, classes, groups and counts. Whether one really
 * matches is for PostgreSQL to say; a pattern beyond this yields texts that it refuses.
 */
function samplesOf(pattern: string, mark: string): string[] {
  // Letters and digits of the mark keep the rows apart; the shortest text is tried last.
  const letters = mark.toLowerCase().replaceAll(/[^a-z]/g, '');
  const spell = (text: string): string =>
    Array.from(text.replaceAll(/\D/g, ''), (digit) => String.fromCharCode(97 + Number(digit))).join('');
  return [`x${spell(mark)}`, letters, ''].map((seed) =>
    sample(pattern.replace(/^\^/, '').replace(/\$$/, ''), seed),
  );
}

function sample(pattern: string, seed: string): string {
  let rest = pattern;
  let out = '';
  for (let step = 0; rest !== '' && step < 100; step += 1) {
    const atom = takeAtom(rest);
    rest = rest.slice(atom.length);
    const [counted, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(rest) ?? [];
    const sign = counted === undefined && /^[+*?]/.test(rest) ? rest.slice(0, 1) : '';
    rest = rest.slice((counted ?? sign).length);
    const low = Math.min(least === undefined ? (sign === '*' || sign === '?' ? 0 : 1) : Number(least), 200);
    const high = comma === ',' ? Number(most === '' ? 40 : most) : sign === '+' || sign === '*' ? 20 : low;
    out += fill(atom, low, Math.min(high, 40), seed);
  }
  return out;
}

function takeAtom(rest: string): string {
  if (rest.startsWith('[')) return rest.slice(0, rest.indexOf(']', 2) + 1) || rest;
  if (rest.startsWith('(')) return rest.slice(0, closing(rest) + 1);
  return rest.startsWith('\\') ? rest.slice(0, 2) : rest.slice(0, 1);
}

function closing(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length - 1;
}

function fill(atom: string, low: number, high: number, seed: string): string {
  if (atom.startsWith('(')) {
    const [first = ''] = atom.slice(1, -1).replace(/^\?:/, '').split('|');
    return sample(first, seed).repeat(Math.max(low, 1));
  }
  const allowed = atom.startsWith('[') ? new Set(expand(atom.slice(1, -1))) : undefined;
  if (!allowed)
    return (atom === '\\d' ? '7' : atom === '.' || atom === '\\w' ? 'x' : atom.replace('\\', '')).repeat(low);
  const fitting = Array.from(seed)
    .filter((character) => allowed.has(character))
    .slice(0, high)
    .join('');
  const [filler = 'x'] = allowed.has('a') ? ['a'] : [...allowed];
  return fitting.length >= low ? fitting : fitting + filler.repeat(low - fitting.length);
}

function* expand(body: string): Generator<string> {
  for (let at = 0; at < body.length; at += 1) {
    const from = body.charCodeAt(at);
    const to = body[at + 1] === '-' && at + 2 < body.length ? body.charCodeAt(at + 2) : from;
    for (let code = from; code <= to && code - from < 128; code += 1) yield String.fromCharCode(code);
    if (to !== from) at += 2;
  }
}
