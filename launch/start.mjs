// Set-up and start in one command. This file keeps to syntax that old releases parse, so that they hear why.
import { refuseOldNode } from './steps/node-version.mjs';

if (refuseOldNode()) process.exitCode = 1;
else import('./steps/start.mjs').then((steps) => steps.start(process.argv.slice(2)));
