import type { RequestCaller } from '../caller/caller.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import { CreateRepeated, findRepeated, type RepeatableCreate } from './idempotency.ts';

/**
 * Runs a create at most once for its key; the answer is the id of the record that it made, now or the first time.
 * @throws EngineError `idempotency-key-reused`; what `create` throws.
 */
export async function createOnce(
  engine: EngineContext,
  caller: RequestCaller,
  repeatable: RepeatableCreate | null,
  steps: { readonly decide: () => Promise<unknown>; readonly create: () => Promise<string> },
): Promise<string> {
  if (repeatable === null) return steps.create();
  // Who may not make the record any more is not told that it is there.
  await steps.decide();
  const find = () => findRepeated(engine.stores.readAs(caller), caller, repeatable);
  const earlier = await find();
  if (earlier !== null) return earlier;
  try {
    return await steps.create();
  } catch (error) {
    const first = error instanceof CreateRepeated ? await find() : null;
    if (first === null) throw error;
    return first;
  }
}
