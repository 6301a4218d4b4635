#!/usr/bin/env node
// The command itself is TypeScript and runs on Node 24; this file finds that Node from whichever one npm runs on.
import { runCordon } from '../../../launch/steps/cordon.mjs';
import { tellFailures } from '../../../launch/steps/failure.mjs';
import { findNode24 } from '../../../launch/steps/node24.mjs';

await tellFailures(async () => runCordon(await findNode24(), process.argv.slice(2)));
