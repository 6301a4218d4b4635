#!/usr/bin/env node
// The command itself is TypeScript and runs on Node 24; this file finds that Node from whichever one npm runs on. It
// keeps to syntax that old releases parse, so that they hear why.
import { refuseOldNode } from '../../../launch/steps/node-version.mjs';

if (refuseOldNode()) process.exitCode = 1;
else import('../../../launch/steps/cordon.mjs').then((steps) => steps.cordon(process.argv.slice(2)));
