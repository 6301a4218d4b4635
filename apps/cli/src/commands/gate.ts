import { controls } from '../../../../compliance/controls.ts';
import { genericControls } from '../../../../compliance/generic.ts';
import type { ControlCard, Environment } from '@cordon/control-gate';
import type { Command } from '../command.ts';
import { chooseControls, readGateOptions, type GateOptions } from '../gate/options.ts';
import { readForeign } from '../gate/foreign.ts';
import {
  keepVerdict,
  leaveWhatHangs,
  ownTerms,
  requireSoundClock,
  runGate,
  tellBoard,
  writeReport,
} from '../gate/run-gate.ts';
import { makeAsked } from '../gate/make-asked.ts';
import { explainControl, listControls } from '../gate/tell-controls.ts';
import { requireFolder } from '../require-folder.ts';
import { tellError } from '../tell-error.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';

const usage = `cordon gate --to development|staging|production [--only ID]... [--format FORMAT] [--output FILE]
cordon gate --config FILE --to … [--only ID]... [--format FORMAT] [--output FILE]
cordon gate --list [--config FILE]
cordon gate --explain ID

Asks the running system and the registers whether this commit may go there. Each control answers pass, fail or unknown, with
what was asked, of what, when, and what came back; unknown (not built, not run, timed out, old) blocks like fail.

  --only ID      some controls alone, SEC-004 or CH-3.1; may be repeated. No verdict is kept of a part
  --config FILE  another project: its addresses, its PostgreSQL, its register, its packages (docs/gate.md)
  --format       text (default), json, sarif, junit, html, oscal
  --output FILE  write the report there
  --list         every control, a line each
  --explain ID   threat, owner, references and next step of one

A whole run on an unchanged tree leaves a signed verdict in .cordon/gate, which deploy/promote asks for. Each run is told to the
engine that runs here, which shows it on the console's board of controls.
Exit code: 0 may go, 1 blocked, 2 could not run.`;

async function run(args: readonly string[]): Promise<number> {
  try {
    const options = readGateOptions(args, true);
    await requireFolder(options.outputFile);
    const cards: readonly ControlCard[] = options.configFile === undefined ? controls : genericControls;
    if (options.list) process.stdout.write(listControls(cards));
    else if (options.explain !== undefined)
      for (const control of chooseControls(cards, [options.explain]))
        process.stdout.write(explainControl(control));
    else if (options.to !== undefined && options.configFile !== undefined)
      return await judgeForeign(options, options.to, options.configFile);
    else if (options.to !== undefined) return await judgePromotion(options, options.to);
    return 0;
  } catch (error) {
    // A gate that could not be asked has not let anything through.
    tellError(error);
    return 2;
  }
}

async function judgePromotion(options: GateOptions, to: Environment): Promise<number> {
  const chosen = chooseControls(controls, options.only);
  const layout = makeLayout(checkoutRoot, 0);
  await requireSoundClock(checkoutRoot);
  const { asked, close } = await makeAsked(checkoutRoot, to);
  try {
    const terms = ownTerms(checkoutRoot, controls);
    const report = await runGate({ system: 'Cordon', layout, to, terms }, chosen, asked);
    const whole = chosen.length === controls.length;
    const file = await keepVerdict(layout, report, whole);
    await writeReport(report, options);
    await tellBoard(layout, { ...report, to }, await terms(to), whole);
    if (process.stderr.isTTY && file !== undefined)
      process.stderr.write(`cordon: the verdict is in ${file}\n`);
    return report.judgement?.allowed === true ? 0 : 1;
  } finally {
    await close();
    leaveWhatHangs();
  }
}

/** Another project: the generic controls, judged by the same rules. No verdict is kept, since nothing here is deployed. */
async function judgeForeign(options: GateOptions, to: Environment, file: string): Promise<number> {
  const { system, patientData, asked } = await readForeign(file);
  const terms = (): Promise<{ patientData: boolean; acceptances: [] }> =>
    Promise.resolve({ patientData: patientData || to === 'production', acceptances: [] });
  const run = { system, layout: makeLayout(checkoutRoot, 0), to, terms };
  const report = await runGate(run, chooseControls(genericControls, options.only), asked);
  await writeReport({ ...report, commit: null }, options);
  return report.judgement?.allowed === true ? 0 : 1;
}

export const command: Command = { run, usage };
