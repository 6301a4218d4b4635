import { describe, expect, it } from 'vitest';
import { addressLane } from './attempts.ts';

describe('the lane of a network address', () => {
  it('is the address itself for IPv4, also where it is written as IPv6', () => {
    expect(addressLane('203.0.113.7')).toBe('address:203.0.113.7');
    expect(addressLane('::ffff:203.0.113.7')).toBe('address:203.0.113.7');
  });

  it('is the whole /64 for IPv6, however the address is written', () => {
    const lane = 'address:2001:db8:0:1::/64';
    for (const address of [
      '2001:db8:0:1::1',
      '2001:0db8:0000:0001:aaaa:bbbb:cccc:dddd',
      '2001:DB8:0:1:0:0:0:9',
    ])
      expect(addressLane(address)).toBe(lane);
    expect(addressLane('2001:db8:0:2::1')).not.toBe(lane);
    expect(addressLane('::1')).toBe('address:0:0:0:0::/64');
  });
});
