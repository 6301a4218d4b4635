import type { Place } from './network-policies.ts';

export const processes = ['engine', 'identity', 'console', 'portal', 'web', 'sequencer', 'witness'] as const;
export const stores = ['clinical', 'vault', 'audit', 'marketing', 'identity-store'] as const;

const pod = (name: string, index: number): Place => ({
  labels: { 'app.kubernetes.io/name': `cordon-${name}` },
  namespace: 'cordon',
  address: `10.244.0.${index + 1}`,
});
export const pods = new Map<string, Place>(
  [...processes, ...stores, 'somebody-new'].map((name, index) => [name, pod(name, index)]),
);
export function podOf(name: string): Place {
  const found = pods.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
export const outside = (address: string): Place => ({ address });
export const ingress: Place = {
  labels: { app: 'ingress' },
  namespace: 'ingress-nginx',
  address: '10.244.9.9',
};

/** Everything that talks to something else: who, to whom, on which port. What is not here does not come about. */
export const needed = [
  'engine>clinical:5432', 'engine>vault:5432', 'engine>audit:5432', 'engine>marketing:5432', 'engine>identity:7403',
  'identity>engine:7404', 'identity>identity-store:5432', 'identity>audit:5432',
  'console>engine:7402', 'console>identity:7403', 'console>identity-store:5432',
  'portal>engine:7402', 'portal>identity:7403', 'portal>identity-store:5432',
  'web>engine:7402',
  'sequencer>audit:5432',
]; // prettier-ignore
export const ports = [53, 80, 443, 5432, 7400, 7401, 7402, 7403, 7404, 7405, 7406, 8080, 11434];
