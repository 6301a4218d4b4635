import { formatPence } from '@cordon/clinic-page';

export const sayCost = (pence: number | null): string =>
  pence === null ? 'No cost named' : formatPence(pence);

const STATES: Readonly<Record<string, string>> = {
  draft: 'Being prepared',
  proposed: 'Waiting for your decision',
  accepted: 'Agreed',
  completed: 'Completed',
  withdrawn: 'Withdrawn',
};

export const sayState = (state: string): string => STATES[state] ?? state;

const FIELDS: Readonly<Record<string, string>> = {
  'treatmentPlan.title': 'the title',
  'treatmentPlan.items[].summaryText': 'the steps',
  'treatmentPlan.totalVisits': 'the number of visits',
  'treatmentPlan.estimatedDuration': 'the expected duration',
};

/** Whether an explanation was made from this version of the plan, and of no other. */
export const isOfVersion = (
  { sources }: { readonly sources: readonly { readonly version: number }[] },
  version: number,
): boolean => sources.every((source) => source.version === version);

/** "the title, the steps and the number of visits": what an explanation was made from. */
export function saySources(sources: readonly { readonly fields: readonly string[] }[]): string {
  const named = [...new Set(sources.flatMap(({ fields }) => fields))].map((field) => FIELDS[field] ?? field);
  return new Intl.ListFormat('en-GB').format(named);
}
