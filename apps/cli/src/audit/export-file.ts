import { createReadStream } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  checkRows,
  readEntryJson,
  writeEntry,
  type LeafRow,
  type LeafSource,
  type RowSource,
  type RowWithoutLeaf,
} from '@cordon/audit-log';
import { CliError } from '../error.ts';

const format = 'cordon-audit-export@v1';
const longestLine = 64 * 1024;

/** An export as it lies on disk: NDJSON, a head, checkpoints, leaves with their rows, rows without leaf, an end. */
export interface AuditExport extends LeafSource {
  readonly checkpoints: readonly { readonly note: string; readonly source: string }[];
}

/**
 * Streams the whole log into a file, mode 0600: it holds every salt.
 * @param tenantId only this tenant's entries; of the others the leaf alone, so that the tree can still be verified
 */
export async function writeExport(
  file: string,
  source: RowSource,
  notes: readonly (Uint8Array | string)[],
  tenantId?: string,
): Promise<number> {
  const handle = await open(file, 'wx', 0o600);
  try {
    return await writeLines(handle, source, notes, tenantId);
  } catch (error) {
    // Half an export would seem to be a log that was cut.
    await rm(file);
    throw error;
  } finally {
    await handle.close();
  }
}

async function writeLines(
  handle: FileHandle,
  source: RowSource,
  notes: readonly (Uint8Array | string)[],
  tenantId: string | undefined,
): Promise<number> {
  const write = (text: string): Promise<void> => handle.appendFile(text);
  await write(`${JSON.stringify({ format, until: new Date(source.until).toISOString(), tenantId })}\n`);
  for (const note of notes)
    await write(`${JSON.stringify({ checkpoint: Buffer.from(note).toString('utf8') })}\n`);
  let count = 0;
  for await (const batch of source.rows()) {
    await write(batch.map((leaf) => writeLeaf(withhold(leaf, tenantId))).join(''));
    count += batch.length;
  }
  const withoutLeaf = tenantId === undefined ? await source.rowsWithoutLeaf() : [];
  for (const row of withoutLeaf) await write(`${JSON.stringify({ withoutLeaf: row })}\n`);
  await write(`${JSON.stringify({ end: count })}\n`);
  return count;
}

function withhold(leaf: LeafRow, tenantId: string | undefined): LeafRow {
  const { row } = leaf;
  if (tenantId === undefined || row === null || typeof row === 'string' || 'expiredAt' in row) return leaf;
  // What says that a month was dropped is nobody's, and accounts for the gap in everybody's.
  const everybodys = row.entry.tenant_id === null && row.entry.action === 'retention.month-dropped';
  return row.entry.tenant_id === tenantId || everybodys ? leaf : { ...leaf, row: 'withheld' };
}

function writeLeaf({ index, entryId, leafHash, row }: LeafRow): string {
  const head = `{"leaf":${index},"id":"${entryId}","hash":"${Buffer.from(leafHash).toString('hex')}"`;
  if (row === null || typeof row === 'string') return `${head},"row":"${row ?? 'gone'}"}\n`;
  if ('expiredAt' in row) return `${head},"row":"expired","at":"${row.expiredAt}"}\n`;
  return `${head},"salt":"${Buffer.from(row.salt).toString('hex')}","entry":${writeEntry(row.entry)}}\n`;
}

type Line = Readonly<Record<string, unknown>>;

/** Lines with the byte at which each starts. */
async function* readLines(file: string): AsyncGenerator<{ value: Line; byte: number; line: number }> {
  let byte = 0;
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line += 1;
    let value: unknown;
    try {
      value = text.length <= longestLine ? JSON.parse(text) : undefined;
    } catch {
      value = undefined;
    }
    if (typeof value !== 'object' || value === null) throw damaged(file, line, byte, 'it is no JSON object');
    yield { value: value as Line, byte, line };
    byte += Buffer.byteLength(text) + 1;
  }
}

/** @throws CliError `audit-export-damaged`, naming file, line and byte */
export async function openExport(file: string): Promise<AuditExport> {
  const checkpoints: { note: string; source: string }[] = [];
  let until: number | undefined;
  for await (const { value, line, byte } of readLines(file)) {
    if (line === 1) {
      until = typeof value['until'] === 'string' ? Date.parse(value['until']) : NaN;
      if (value['format'] !== format || Number.isNaN(until)) throw damaged(file, 1, byte, 'it is no export');
    } else if (typeof value['checkpoint'] === 'string')
      checkpoints.push({ note: value['checkpoint'], source: `${file}, line ${line}` });
    else break;
  }
  if (until === undefined) throw damaged(file, 1, 0, 'the file is empty');
  const withoutLeaf: RowWithoutLeaf[] = [];
  return {
    until,
    checkpoints,
    async *leaves() {
      let batch: LeafRow[] = [];
      let count = 0;
      let ended = false;
      withoutLeaf.length = 0;
      let last = { line: 0, byte: 0 };
      for await (const { value, line, byte } of readLines(file)) {
        last = { line, byte };
        if (value['leaf'] !== undefined) {
          batch.push(readLeaf(value, () => damaged(file, line, byte, 'it is no leaf')));
          count += 1;
        } else if (typeof value['withoutLeaf'] === 'object' && value['withoutLeaf'] !== null) {
          const row = value['withoutLeaf'] as Line;
          withoutLeaf.push({ entryId: String(row['entryId']), at: String(row['at']) });
        } else if (value['end'] !== undefined) {
          if (value['end'] !== count) throw damaged(file, line, byte, `it counts other leaves than ${count}`);
          ended = true;
        }
        if (batch.length === 5_000) {
          yield checkRows(batch);
          batch = [];
        }
      }
      if (!ended) throw damaged(file, last.line, last.byte, 'the file ends after it, before its end');
      if (batch.length > 0) yield checkRows(batch);
    },
    rowsWithoutLeaf: () => Promise.resolve(withoutLeaf.slice(0, 100)),
  };
}

function readLeaf(value: Line, refuse: () => CliError): LeafRow {
  const { leaf, id, hash, salt, entry, row, at } = value;
  if (!Number.isSafeInteger(leaf) || typeof id !== 'string' || typeof hash !== 'string') throw refuse();
  const leafHash = Buffer.from(hash, 'hex');
  if (leafHash.length !== 32 || !/^[0-9a-f-]{36}$/.test(id)) throw refuse();
  const head = { index: Number(leaf), entryId: id, leafHash };
  if (row === 'gone') return { ...head, row: null };
  if (row === 'withheld') return { ...head, row };
  if (row === 'expired') {
    if (typeof at !== 'string' || !/^[\dT:.-]{26}Z$/.test(at)) throw refuse();
    return { ...head, row: { expiredAt: at } };
  }
  if (row === 'unreadable' || typeof salt !== 'string' || !/^[0-9a-f]{64}$/.test(salt))
    return { ...head, row: 'unreadable' };
  try {
    return { ...head, row: { salt: Buffer.from(salt, 'hex'), entry: readEntryJson(entry) } };
  } catch {
    return { ...head, row: 'unreadable' };
  }
}

function damaged(file: string, line: number, byte: number, what: string): CliError {
  return new CliError(
    'audit-export-damaged',
    `The export ${file} is damaged at line ${line}, byte ${byte}: ${what}. Export again.`,
  );
}
