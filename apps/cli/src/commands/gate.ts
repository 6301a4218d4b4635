import { controls } from '../../../../compliance/controls.ts';
import type { Command } from '../command.ts';
import { chooseControls, readGateOptions } from '../gate/options.ts';
import { keepVerdict, runGate, writeReport } from '../gate/run-gate.ts';
import { makeAsked } from '../gate/make-asked.ts';
import { explainControl, listControls } from '../gate/tell-controls.ts';
import { tellError } from '../tell-error.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';

const usage = `cordon gate --to development|staging|production [--only ID]... [--format FORMAT] [--output FILE]
cordon gate --list
cordon gate --explain ID

Asks the running system and the registers whether this commit may go there. Each control answers pass, fail or unknown, with
what was asked, of what, when, and what came back; unknown (not built, not run, timed out, old) blocks like fail.

  --only ID      some controls alone, SEC-004 or CH-3.1; may be repeated. No verdict is kept of a part
  --format       text (default), json, sarif, junit, html, oscal
  --output FILE  write the report there
  --list         every control, a line each
  --explain ID   threat, owner, references and next step of one

A whole run on an unchanged tree leaves a signed verdict in .cordon/gate, which deploy/promote asks for.
Exit code: 0 may go, 1 blocked, 2 could not run.`;

async function run(args: readonly string[]): Promise<number> {
  try {
    const options = readGateOptions(args, true);
    if (options.list) process.stdout.write(listControls(controls));
    else if (options.explain !== undefined)
      for (const control of chooseControls(controls, [options.explain]))
        process.stdout.write(explainControl(control));
    else if (options.to !== undefined) return await judgePromotion(options, options.to);
    return 0;
  } catch (error) {
    // A gate that could not be asked has not let anything through.
    tellError(error);
    return 2;
  }
}

async function judgePromotion(
  options: ReturnType<typeof readGateOptions>,
  to: NonNullable<ReturnType<typeof readGateOptions>['to']>,
): Promise<number> {
  const chosen = chooseControls(controls, options.only);
  const layout = makeLayout(checkoutRoot, 0);
  const { asked, close } = await makeAsked(checkoutRoot, to);
  try {
    const report = await runGate({ system: 'Cordon', layout, to, known: controls }, chosen, asked);
    const file = await keepVerdict(layout, report, chosen.length === controls.length);
    await writeReport(report, options);
    if (process.stderr.isTTY && file !== undefined)
      process.stderr.write(`cordon: the verdict is in ${file}\n`);
    return report.judgement?.allowed === true ? 0 : 1;
  } finally {
    await close();
  }
}

export const command: Command = { run, usage };
