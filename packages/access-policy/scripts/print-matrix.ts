// Prints the access matrix into docs/: node --conditions=cordon-source packages/access-policy/scripts/print-matrix.ts
import { generateMatrix, writeGenerated } from './generated-files.ts';

for (const path of await writeGenerated([await generateMatrix()])) process.stdout.write(`${path}\n`);
