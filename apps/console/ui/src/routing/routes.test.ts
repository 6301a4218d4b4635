import { describe, expect, it } from 'vitest';
import { readTrail } from './cursor-trail.ts';
import { type Route, keyOf, matchRoute, pathOf } from './routes.ts';

describe('routes', () => {
  it.each<Route>([
    { page: 'home' },
    { page: 'today' },
    { page: 'intake' },
    { page: 'patients' },
    { page: 'patient', patientId: '0b6f3a52-1c1e-4d2a-9a57-3f6f3f3a1111' },
    { page: 'alerts' },
    { page: 'enquiries' },
    { page: 'emergency' },
    { page: 'clinics' },
    { page: 'reviews' },
    { page: 'audit' },
    { page: 'controls' },
    { page: 'settings' },
    { page: 'sessions' },
  ])('the path of $page leads back to it', (route) => {
    expect(matchRoute(pathOf(route))).toEqual(route);
  });

  it('one page is drawn anew for another record only, not for another spelling of its address', () => {
    expect(keyOf(matchRoute('/patients/'))).toBe(keyOf({ page: 'patients' }));
    expect(keyOf(matchRoute('/patients/abc/'))).toBe(keyOf(matchRoute('/patients/abc')));
    const pages = ['/', '/patients', '/patients/abc', '/patients/abd', '/audit'].map(matchRoute).map(keyOf);
    expect(new Set(pages).size).toBe(pages.length);
  });

  it('a slash at the end changes nothing', () => {
    expect(matchRoute('/patients/')).toEqual({ page: 'patients' });
    expect(matchRoute('/patients/abc/')).toEqual({ page: 'patient', patientId: 'abc' });
  });

  it.each([
    '//',
    '/patients/../audit',
    '/patients/a b',
    '/patients/a/b',
    '/Intake',
    '/patients/%2e%2e',
    `/patients/${'a'.repeat(65)}`,
  ])('%j is not found', (path) => {
    expect(matchRoute(path)).toEqual({ page: 'not-found' });
  });
});

describe('the trail of cursors', () => {
  it('is read back for its own list', () => {
    expect(readTrail({ scope: 'patients c1', cursors: ['a', 'b'] }, 'patients c1')).toEqual(['a', 'b']);
  });

  it.each([
    null,
    'text',
    {},
    { scope: 'patients c2', cursors: ['a'] },
    { scope: 'patients c1', cursors: [1] },
    { scope: 'patients c1', cursors: 'a' },
  ])('is empty for %j, which was stored by another list or by nobody', (stored) => {
    expect(readTrail(stored, 'patients c1')).toEqual([]);
  });
});
