import { createContext, use } from 'react';
import type { Clinic, Me } from '../api/types.ts';

export interface Workplace {
  readonly me: Me;
  /** Null for roles without a clinic of their own. */
  readonly clinic: Clinic | null;
  readonly chooseClinic: (clinicId: string) => void;
}

export const WorkplaceContext = createContext<Workplace | null>(null);

export function useWorkplace(): Workplace {
  const workplace = use(WorkplaceContext);
  if (workplace === null) throw new Error('The workplace is missing above this component.');
  return workplace;
}

export function nameOfClinic(me: Me, clinicId: string | null): string {
  return me.clinics.find((clinic) => clinic.id === clinicId)?.name ?? 'Another clinic';
}
