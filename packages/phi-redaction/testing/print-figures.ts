import { renderFigures } from './render-figures.ts';

// node --conditions=cordon-source packages/phi-redaction/testing/print-figures.ts
process.stdout.write(`${renderFigures()}\n`);
