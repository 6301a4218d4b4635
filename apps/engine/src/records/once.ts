import type { RequestCaller } from '../caller/caller.ts';
import type { EngineContext } from '../walk/engine-context.ts';
import { CreateRepeated, findRepeated, type RepeatableCreate } from './idempotency.ts';

/**
 * Runs a create at most once for its key; the answer is the id of the record that it made, now or the first time.
 * @throws EngineError `idempotency-key-reused`; what `create` throws.
 */
export async function createOnce(
  engine: EngineContext,
  caller: RequestCaller,
  repeatable: RepeatableCreate | null,
  create: () => Promise<string>,
): Promise<{ id: string; repeated: boolean }> {
  if (repeatable === null) return { id: await create(), repeated: false };
  const find = () => findRepeated(engine.stores.readAs(caller), caller, repeatable);
  const earlier = await find();
  if (earlier !== null) return { id: earlier, repeated: true };
  try {
    return { id: await create(), repeated: false };
  } catch (error) {
    const first = error instanceof CreateRepeated ? await find() : null;
    if (first === null) throw error;
    return { id: first, repeated: true };
  }
}
