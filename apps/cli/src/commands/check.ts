import { controls } from '../../../../compliance/controls.ts';
import type { Command } from '../command.ts';
import { makeAsked } from '../gate/make-asked.ts';
import { chooseControls, readGateOptions } from '../gate/options.ts';
import { leaveWhatHangs, ownTerms, runGate, tellBoard, writeReport } from '../gate/run-gate.ts';
import { requireFolder } from '../require-folder.ts';
import { tellError } from '../tell-error.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';

const usage = `cordon check [--to ENVIRONMENT] [--only ID]... [--format text|json|sarif|junit|html|oscal] [--output FILE]

Runs the checks of the gate without judging what they answer. Some ask more of production; --to says for where (development,
unless it is named). The console's board of controls shows what they answered.
Exit code: 0 every check was asked, 2 they could not be.`;

async function run(args: readonly string[]): Promise<number> {
  try {
    const options = readGateOptions(args, false);
    await requireFolder(options.outputFile);
    const chosen = chooseControls(controls, options.only);
    const to = options.to ?? 'development';
    const { asked, close } = await makeAsked(checkoutRoot, to);
    try {
      const layout = makeLayout(checkoutRoot, 0);
      const terms = ownTerms(checkoutRoot, controls);
      const report = await runGate({ system: 'Cordon', layout, to: undefined, terms }, chosen, asked);
      await writeReport(report, options);
      await tellBoard(layout, { ...report, to }, await terms(to), chosen.length === controls.length);
      return 0;
    } finally {
      await close();
      leaveWhatHangs();
    }
  } catch (error) {
    tellError(error);
    return 2;
  }
}

export const command: Command = { run, usage };
