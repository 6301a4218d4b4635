import type { Transaction } from '@cordon/row-security';
import type { RequestCaller } from '../caller/caller.ts';
import { changeWithoutPatient } from './change-without-patient.ts';
import type { Subject } from './decide.ts';
import type { EngineContext } from './engine-context.ts';
import { leaveOutcome } from './intent.ts';

export interface CommonChange<Result> {
  readonly subject: Subject & { readonly resourceId: string };
  readonly clinicId: string;
  readonly work: (transaction: Transaction) => Promise<Result>;
}

/**
 * A write in the clinical store that is about no patient: the same as `changeRecord`, without keys.
 * @throws EngineError `access-denied`, `audit-unavailable`; what `work` throws.
 */
export const changeCommon = <Result>(
  engine: EngineContext,
  caller: RequestCaller,
  { work, ...about }: CommonChange<Result>,
): Promise<Result> =>
  changeWithoutPatient(engine, caller, about, (intent) =>
    engine.stores.withCaller(caller, async (transaction) => {
      const done = await work(transaction);
      await leaveOutcome(transaction, intent);
      return done;
    }),
  );
