import type { Layout } from '../up/layout.ts';
import type { Origins } from '../up/origins.ts';
import type { SecretFiles } from '../up/secrets.ts';
import type { RunningStores } from '../up/stores.ts';

/** What a step of the demo's seeding may use. */
export interface SeedContext {
  readonly layout: Layout;
  readonly origins: Origins;
  readonly files: SecretFiles;
  readonly stores: RunningStores;
  /** Where sign-ins for people are written: `demo.json`, see `DemoFile`. */
  readonly demoFile: string;
  readonly say: (line: string) => void;
}

/** `stores`: before any app runs, by the administrator's connection. `apps`: all are ready, over their APIs. */
export type SeedMoment = 'stores' | 'apps';

/** One step; run at every start, so it looks first whether its work is done. */
export interface SeedStep {
  readonly moment: SeedMoment;
  readonly run: (context: SeedContext) => Promise<void>;
}

const steps: readonly SeedStep[] = [];

/** Runs the steps of one moment in their order. */
export async function seedDemo(moment: SeedMoment, context: SeedContext): Promise<void> {
  for (const step of steps) if (step.moment === moment) await step.run(context);
}
