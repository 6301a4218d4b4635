import { describe, expect, it } from 'vitest';
import { readUpOptions } from './options.ts';

describe('readUpOptions', () => {
  it('has defaults, and takes the port from the words before the environment', () => {
    expect(readUpOptions([], {})).toEqual({ fresh: false, tls: false, empty: false, basePort: 7400 });
    expect(readUpOptions([], { CORDON_BASE_PORT: '7500' }).basePort).toBe(7500);
    expect(
      readUpOptions(['--port', '7600', '--fresh', '--tls', '--empty'], { CORDON_BASE_PORT: '7500' }),
    ).toEqual({
      fresh: true,
      tls: true,
      empty: true,
      basePort: 7600,
    });
  });

  it.each(['80', '65530', '65536', '-1', '1e4', '74 00', '', 'abc', '0x1000'])(
    'refuses "%s" as a port',
    (port) => {
      expect(() => readUpOptions([`--port=${port}`], {})).toThrow(/must be a number from 1024 to 65529/);
    },
  );

  it('refuses production, with the demo and without it', () => {
    for (const args of [[], ['--empty']])
      expect(() => readUpOptions(args, { CORDON_ENV: 'production' })).toThrow(/CORDON_ENV is production/);
    expect(readUpOptions([], { CORDON_ENV: 'demo' }).empty).toBe(false);
  });

  it('refuses words it does not know', () => {
    expect(() => readUpOptions(['--frehs'], {})).toThrow(/Unknown option '--frehs'/);
    expect(() => readUpOptions(['7500'], {})).toThrow(/positional/);
  });
});
