import { statfs } from 'node:fs/promises';
import { PlainFailure } from './failure.mjs';

/** Stops before work that a full disk would break half-way. */
export async function requireSpace(folder, megabytes) {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  if (free < megabytes)
    throw new PlainFailure(
      `The disk is full: ${folder} has ${free} MB left and ${megabytes} MB are needed. Free some and run this again.`,
    );
}
