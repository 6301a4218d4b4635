import { EngineError } from '../../error.ts';
import { regionsOf } from '../../stores/check-regions.ts';

/**
 * Whoever says where a tenant's records must be kept is refused where this installation keeps them elsewhere.
 * @param given regions of the clinical store, where it is elsewhere than its definition says
 * @throws EngineError `region-unavailable`
 */
export async function requireRegion(region: string, given: readonly string[] | undefined): Promise<void> {
  const regions = await regionsOf('clinical', given);
  if (!regions.includes(region))
    throw new EngineError('region-unavailable', { detail: `records are kept in ${regions.join(', ')}` });
}
