// Unpacks the Chromium that npm brought into the folder named by TMPDIR. Runs as a process of its own: the package writes
// to os.tmpdir(), and a Chromium that lies at a well-known path in a shared folder could be anybody's.
import { inflate } from '@sparticuz/chromium';
import { fileURLToPath } from 'node:url';

const archive = (entry: string, fromEntry: string): string =>
  fileURLToPath(new URL(fromEntry, import.meta.resolve(entry)));

await Promise.all([
  inflate(archive('@sparticuz/chromium', '../../bin/chromium.br')),
  inflate(archive('@sparticuz/chromium', '../../bin/al2023.tar.br')),
  inflate(archive('@sparticuz/chromium', '../../bin/fonts.tar.br')),
  // The later release leaves out libsqlite3, which its own libsoftokn3 loads; the older one's "al2" set has it.
  inflate(archive('sparticuz-chromium-133', '../bin/al2.tar.br')),
]);
