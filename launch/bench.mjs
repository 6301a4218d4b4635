// All benchmarks in one command. This file keeps to syntax that old releases parse, so that they hear why.
import { refuseOldNode } from './steps/node-version.mjs';

if (refuseOldNode()) process.exitCode = 1;
else import('./steps/bench.mjs').then((steps) => steps.bench(process.argv.slice(2)));
