import { AiGatewayError } from '@cordon/ai-gateway';

const mostFailures = 5;
const restMs = 30_000;

/** Leaves a provider that fails alone for a while, so that people are told at once; then one call tries it again. */
export interface Circuit {
  /** @throws {AiGatewayError} `ai-provider-resting` */
  readonly enter: (providerId: string) => void;
  readonly leave: (providerId: string, failed: boolean) => void;
}

export function createCircuit(now: () => number = Date.now): Circuit {
  const states = new Map<string, { failures: number; restsUntil: number }>();
  return {
    enter: (providerId) => {
      const state = states.get(providerId);
      if (state === undefined || state.failures < mostFailures) return;
      const left = state.restsUntil - now();
      if (left > 0)
        throw new AiGatewayError('ai-provider-resting', providerId, {
          retryAfterSeconds: Math.ceil(left / 1000),
        });
      // Whoever comes next waits for what this one finds.
      state.restsUntil = now() + restMs;
    },
    leave: (providerId, failed) => {
      if (!failed) {
        states.delete(providerId);
        return;
      }
      const failures = (states.get(providerId)?.failures ?? 0) + 1;
      states.set(providerId, { failures, restsUntil: now() + restMs });
    },
  };
}
