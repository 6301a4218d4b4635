import type { PatientSearch } from '../api/record-queries.ts';

export interface SearchDraft {
  readonly name: string;
  /** ISO date, or empty. */
  readonly dateOfBirth: string;
  /** A phone number, an e-mail address or an NHS number. */
  readonly contact: string;
}

export const EMPTY_SEARCH: SearchDraft = { name: '', dateOfBirth: '', contact: '' };

/** Ten digits that do not begin with 0 are an NHS number, since no number that is dialled here begins otherwise. */
function readContact(contact: string): Pick<PatientSearch, 'phone' | 'email' | 'nhsNumber'> {
  if (contact === '') return {};
  if (contact.includes('@')) return { email: contact };
  const digits = contact.replaceAll(/[ -]/g, '');
  return /^[1-9]\d{9}$/.test(digits) ? { nhsNumber: digits } : { phone: contact };
}

/** What is to be asked for; null where nothing was filled in. */
export function toSearch(draft: SearchDraft): PatientSearch | null {
  const name = draft.name.trim();
  const search = {
    ...(name === '' ? {} : { name }),
    ...(draft.dateOfBirth === '' ? {} : { dateOfBirth: draft.dateOfBirth }),
    ...readContact(draft.contact.trim()),
  };
  return Object.keys(search).length === 0 ? null : search;
}
