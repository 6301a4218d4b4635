import { PanScrubberError } from './errors.ts';
import { findInFields, mayHoldPart, type Field } from './fields.ts';
import { holdsWhatItsNameSays, wordsOfKey } from './named-fields.ts';
import { findNumbers } from './scrub-text.ts';
import { appendSpans, mergeSpans, redactSpans, type FindingReason, type Span } from './spans.ts';

/** Where a number stood in a record. */
export interface RecordFinding {
  /** JSON pointer (RFC 6901) of the field in the scrubbed record. */
  readonly path: string;
  /** Half-open range of UTF-16 code units in the field's text, or in its key where `inKey` is set. */
  readonly start: number;
  readonly end: number;
  readonly reason: FindingReason;
  readonly inKey?: true;
}

/** Deeper records are refused: nothing a clinic sends is nested like that, and the traversal must stay bounded. */
export const MAX_DEPTH = 256;
/** Longer texts are not lined up as cells of a column. */
const LONGEST_CELL = 64;

interface Leaf extends Field {
  readonly path: string;
  /** The path with list positions left open: the column of a table. */
  readonly column: string;
}

/** The scrubbed copy of a record of plain objects, lists, texts and numbers. The input is not changed. */
export function scrubRecord(record: unknown): { value: unknown; findings: RecordFinding[] } {
  const walk = new RecordWalk();
  const copy = walk.copy(record, '', '', '');
  const spans = findInLeaves(walk.leaves);
  const findings = [...walk.keyFindings];
  walk.leaves.forEach((leaf, index) => {
    for (const span of spans[index] ?? []) findings.push({ path: leaf.path, ...span });
  });
  return { value: copy(spans), findings };
}

function findInLeaves(leaves: readonly Leaf[]): Span[][] {
  const found = findInFields(leaves, 'split-fields', findNumbers);
  const columns = new Map<string, number[]>();
  leaves.forEach((leaf, index) => {
    if (leaf.column === leaf.path || leaf.text.length > LONGEST_CELL || !mayHoldPart(leaf.text)) return;
    const column = columns.get(leaf.column);
    if (column === undefined) columns.set(leaf.column, [index]);
    else column.push(index);
  });
  for (const column of columns.values()) {
    if (column.length < 2) continue;
    const cells = column.flatMap((index) => leaves[index] ?? []);
    findInFields(cells, 'split-fields', findNumbers).forEach((spans, cell) => {
      appendSpans(found[column[cell] ?? 0] ?? [], spans);
    });
  }
  return found.map(mergeSpans);
}

type Rebuild = (spans: readonly Span[][]) => unknown;

/** One traversal collects the texts and prepares the copy, so that both see the same order. */
class RecordWalk {
  readonly leaves: Leaf[] = [];
  readonly keyFindings: RecordFinding[] = [];
  private readonly ancestors = new Set<object>();

  copy(value: unknown, path: string, column: string, key: string): Rebuild {
    if (typeof value === 'string') return this.copyLeaf(value, value, path, column, key);
    if (typeof value === 'number' || typeof value === 'bigint') {
      return this.copyLeaf(value, String(value), path, column, key);
    }
    if (value === null || value === undefined || typeof value === 'boolean') return () => value;
    if (typeof value !== 'object') throw new PanScrubberError('record-value-unsupported', path);
    if (value instanceof Date) return () => value;
    if (this.ancestors.has(value)) throw new PanScrubberError('record-cyclic', path);
    if (this.ancestors.size === MAX_DEPTH) throw new PanScrubberError('record-too-deep', path);
    this.ancestors.add(value);
    const rebuild = Array.isArray(value)
      ? this.copyList(value, path, column, key)
      : this.copyObject(value, path, column);
    this.ancestors.delete(value);
    return rebuild;
  }

  private copyLeaf(value: unknown, text: string, path: string, column: string, key: string): Rebuild {
    const joins = !holdsWhatItsNameSays(wordsOfKey(key), text);
    const index = this.leaves.push({ text, path, column, joins }) - 1;
    return (spans) => {
      const own = spans[index] ?? [];
      return own.length === 0 ? value : redactSpans(text, own);
    };
  }

  private copyList(list: readonly unknown[], path: string, column: string, key: string): Rebuild {
    const items = list.map((item, index) => this.copy(item, `${path}/${index}`, `${column}/*`, key));
    return (spans) => items.map((item) => item(spans));
  }

  private copyObject(object: object, path: string, column: string): Rebuild {
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype !== null && prototype !== Object.prototype) {
      throw new PanScrubberError('record-value-unsupported', path);
    }
    const names = new Set<string>();
    const members = Object.entries(object).map(([key, value]): readonly [string, Rebuild] => {
      const name = this.nameKey(key, path, names);
      const pointer = escapePointer(name);
      return [name, this.copy(value, `${path}/${pointer}`, `${column}/${pointer}`, name)];
    });
    return (spans) => {
      const copied: object = Object.create(prototype) as object;
      for (const [name, rebuild] of members) {
        // Defined, not assigned: a key "__proto__" stays a key.
        Object.defineProperty(copied, name, {
          value: rebuild(spans),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
      return copied;
    };
  }

  /** The key without card numbers; a second key that becomes the same gets a number, so that no value is lost. */
  private nameKey(key: string, path: string, taken: Set<string>): string {
    const spans = findNumbers(key);
    const redacted = redactSpans(key, spans);
    let name = redacted;
    for (let copy = 2; taken.has(name); copy++) name = `${redacted} ${copy}`;
    taken.add(name);
    for (const span of spans)
      this.keyFindings.push({ path: `${path}/${escapePointer(name)}`, ...span, inKey: true });
    return name;
  }
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
