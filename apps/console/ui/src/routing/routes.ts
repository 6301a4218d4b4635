export type Route =
  | {
      readonly page: PlainPage | 'not-found';
    }
  | { readonly page: 'patient'; readonly patientId: string };

type PlainPage =
  | 'home'
  | 'today'
  | 'intake'
  | 'patients'
  | 'alerts'
  | 'enquiries'
  | 'emergency'
  | 'clinics'
  | 'reviews'
  | 'audit'
  | 'controls'
  | 'settings'
  | 'sessions';

const PLAIN_PAGES = new Map<string, PlainPage>([
  ['/', 'home'],
  ['/today', 'today'],
  ['/intake', 'intake'],
  ['/patients', 'patients'],
  ['/alerts', 'alerts'],
  ['/enquiries', 'enquiries'],
  ['/emergency', 'emergency'],
  ['/clinics', 'clinics'],
  ['/reviews', 'reviews'],
  ['/audit', 'audit'],
  ['/controls', 'controls'],
  ['/settings', 'settings'],
  ['/sessions', 'sessions'],
]);

/** Reads a path; one that could not have been made by {@link pathOf} is "not-found". */
export function matchRoute(pathname: string): Route {
  const plain = PLAIN_PAGES.get(pathname.length > 2 ? pathname.replace(/\/$/, '') : pathname);
  if (plain !== undefined) return { page: plain };
  const patient = /^\/patients\/([0-9a-zA-Z-]{1,64})\/?$/.exec(pathname);
  return patient?.[1] === undefined ? { page: 'not-found' } : { page: 'patient', patientId: patient[1] };
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case 'home':
    case 'not-found':
      return '/';
    case 'patient':
      return `/patients/${encodeURIComponent(route.patientId)}`;
    default:
      return `/${route.page}`;
  }
}

/** What makes two routes the same page: a change of the address alone must not draw a page anew, and so ask for its data again. */
export function keyOf(route: Route): string {
  return route.page === 'patient' ? `patient ${route.patientId}` : route.page;
}
