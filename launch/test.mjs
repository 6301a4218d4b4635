// Set-up and all tests in one command. This file keeps to syntax that old releases parse, so that they hear why.
import { refuseOldNode } from './steps/node-version.mjs';

if (refuseOldNode()) process.exitCode = 1;
else import('./steps/test.mjs').then((steps) => steps.test(process.argv.slice(2)));
