import { Readable } from 'node:stream';

/** A damaged beginning is told as an error; what breaks later cuts the answer short of its length. */
export async function beginStream(chunks: AsyncGenerator<Buffer>): Promise<Readable> {
  const first = await chunks.next();
  return Readable.from(afterFirst(first, chunks), { objectMode: false });
}

async function* afterFirst(
  first: IteratorResult<Buffer, unknown>,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  if (first.done !== true) yield first.value;
  yield* rest;
}
