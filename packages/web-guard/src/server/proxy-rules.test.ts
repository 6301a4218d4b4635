import { describe, expect, it } from 'vitest';
import { pickRequestHeaders, pickResponseHeaders, upstreamPath } from './proxy-rules.ts';

describe('the path that is passed on', () => {
  it.each([
    ['/api/v1/me', '/v1/me'],
    ['/api/v1/patients?clinicId=1&limit=2', '/v1/patients?clinicId=1&limit=2'],
    ['/api/v1/patients/7b-1c/intake-forms', '/v1/patients/7b-1c/intake-forms'],
    ['/api/v1/a%20b?x=%2F', '/v1/a%20b?x=%2F'],
    ['/api/v1/a..b/...', '/v1/a..b/...'],
  ])('of %s is %s', (target, path) => {
    expect(upstreamPath(target)).toBe(path);
  });

  it.each([
    undefined,
    '/api/v1',
    '/api/v1/',
    '/api/v2/me',
    '/api/internal/v1/sign-in-grants',
    '/api/v1/../internal/v1/sign-in-grants',
    '/api/v1/x/..',
    '/api/v1/./me',
    '/api/v1/%2e%2e/internal',
    '/api/v1/.%2E/internal',
    '/api/v1/a%2fb',
    '/api/v1/a%5cb',
    '/api/v1/a%00b',
    '/api/v1/a%0d%0ab',
    '/api/v1/a%',
    '/api/v1/a%zz',
    '/api/v1//me',
    '//api/v1/me',
    '/api//v1/me',
    '/api/v1/me/',
    '/api/v1/a\\b',
    '/api/v1/me#x',
    '/api/v1/me?a b',
    'http://evil.example/api/v1/me',
    `/api/v1/${'a'.repeat(5_000)}`,
  ])('does not exist for %s', (target) => {
    expect(upstreamPath(target)).toBeUndefined();
  });
});

describe('the headers that are passed on', () => {
  it('are those that an API understands, and no other', () => {
    expect(
      pickRequestHeaders({
        accept: 'application/json',
        'content-type': 'application/json',
        'idempotency-key': 'k',
        'if-match': '"1"',
        cookie: 'a=1',
        authorization: 'Bearer forged',
        host: 'localhost',
        origin: 'http://localhost',
        'x-forwarded-for': '1.2.3.4',
        'x-request-id': 'r',
        connection: 'keep-alive',
        'transfer-encoding': 'chunked',
        'accept-encoding': 'gzip',
        'x-cordon-request': '1',
      }),
    ).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      'idempotency-key': 'k',
      'if-match': '"1"',
    });
  });

  it('keep what an answer needs and drop cookies, policies and software names', () => {
    expect(
      pickResponseHeaders(
        {
          'content-type': 'application/json',
          etag: '"2"',
          'retry-after': '5',
          'set-cookie': ['a=1'],
          server: 'x',
          'access-control-allow-origin': '*',
          'content-security-policy': "default-src 'self'",
          'cache-control': 'public',
          location: '/v1/patients/1',
        },
        '/api',
      ),
    ).toEqual({
      'content-type': 'application/json',
      etag: '"2"',
      'retry-after': '5',
      location: '/api/v1/patients/1',
    });
  });

  it.each(['https://evil.example/', '//evil.example/v1/', '/internal'])(
    'drop the location %s',
    (location) => {
      expect(pickResponseHeaders({ location }, '/api')).toEqual({});
    },
  );
});
