import { checkControls } from '@cordon/control-gate';
import type { CordonControl } from './asked.ts';
import { ch1_1 } from './controls/ch-1-1.ts';
import { ch1_2 } from './controls/ch-1-2.ts';
import { ch1_3 } from './controls/ch-1-3.ts';
import { ch1_4 } from './controls/ch-1-4.ts';
import { ch1_5 } from './controls/ch-1-5.ts';
import { ch10_1 } from './controls/ch-10-1.ts';
import { ch10_10 } from './controls/ch-10-10.ts';
import { ch10_11 } from './controls/ch-10-11.ts';
import { ch10_12 } from './controls/ch-10-12.ts';
import { ch10_13 } from './controls/ch-10-13.ts';
import { ch10_14 } from './controls/ch-10-14.ts';
import { ch10_15 } from './controls/ch-10-15.ts';
import { ch10_2 } from './controls/ch-10-2.ts';
import { ch10_3 } from './controls/ch-10-3.ts';
import { ch10_4 } from './controls/ch-10-4.ts';
import { ch10_5 } from './controls/ch-10-5.ts';
import { ch10_6 } from './controls/ch-10-6.ts';
import { ch10_7 } from './controls/ch-10-7.ts';
import { ch10_8 } from './controls/ch-10-8.ts';
import { ch10_9 } from './controls/ch-10-9.ts';
import { ch11_1 } from './controls/ch-11-1.ts';
import { ch11_2 } from './controls/ch-11-2.ts';
import { ch11_3 } from './controls/ch-11-3.ts';
import { ch11_4 } from './controls/ch-11-4.ts';
import { ch11_5 } from './controls/ch-11-5.ts';
import { ch2_1 } from './controls/ch-2-1.ts';
import { ch2_2 } from './controls/ch-2-2.ts';
import { ch2_3 } from './controls/ch-2-3.ts';
import { ch2_4 } from './controls/ch-2-4.ts';
import { ch3_1 } from './controls/ch-3-1.ts';
import { ch3_2 } from './controls/ch-3-2.ts';
import { ch3_3 } from './controls/ch-3-3.ts';
import { ch3_4 } from './controls/ch-3-4.ts';
import { ch4_1 } from './controls/ch-4-1.ts';
import { ch4_2 } from './controls/ch-4-2.ts';
import { ch4_3 } from './controls/ch-4-3.ts';
import { ch4_4 } from './controls/ch-4-4.ts';
import { ch4_5 } from './controls/ch-4-5.ts';
import { ch4_6 } from './controls/ch-4-6.ts';
import { ch4_7 } from './controls/ch-4-7.ts';
import { ch5_1 } from './controls/ch-5-1.ts';
import { ch5_2 } from './controls/ch-5-2.ts';
import { ch5_3 } from './controls/ch-5-3.ts';
import { ch5_4 } from './controls/ch-5-4.ts';
import { ch6_1 } from './controls/ch-6-1.ts';
import { ch6_2 } from './controls/ch-6-2.ts';
import { ch6_3 } from './controls/ch-6-3.ts';
import { ch6_4 } from './controls/ch-6-4.ts';
import { ch6_5 } from './controls/ch-6-5.ts';
import { ch7_1 } from './controls/ch-7-1.ts';
import { ch7_2 } from './controls/ch-7-2.ts';
import { ch7_3 } from './controls/ch-7-3.ts';
import { ch7_4 } from './controls/ch-7-4.ts';
import { ch8_1 } from './controls/ch-8-1.ts';
import { ch8_2 } from './controls/ch-8-2.ts';
import { ch8_3 } from './controls/ch-8-3.ts';
import { ch8_4 } from './controls/ch-8-4.ts';
import { ch8_5 } from './controls/ch-8-5.ts';
import { ch8_6 } from './controls/ch-8-6.ts';
import { ch9_1 } from './controls/ch-9-1.ts';
import { ch9_2 } from './controls/ch-9-2.ts';
import { ch9_3 } from './controls/ch-9-3.ts';
import { ch9_4 } from './controls/ch-9-4.ts';
import { sec001 } from './controls/sec-001.ts';
import { sec002 } from './controls/sec-002.ts';
import { sec003 } from './controls/sec-003.ts';
import { sec004 } from './controls/sec-004.ts';
import { sec005 } from './controls/sec-005.ts';
import { sec006 } from './controls/sec-006.ts';
import { sec007 } from './controls/sec-007.ts';
import { sec008 } from './controls/sec-008.ts';
import { sec009 } from './controls/sec-009.ts';
import { sec010 } from './controls/sec-010.ts';
import { sec011 } from './controls/sec-011.ts';

/** Every control: the tickets first, then the chapters. */
export const controls: readonly CordonControl[] = [
  sec001,
  sec002,
  sec003,
  sec004,
  sec005,
  sec006,
  sec007,
  sec008,
  sec009,
  sec010,
  sec011,
  ch1_1,
  ch1_2,
  ch1_3,
  ch1_4,
  ch1_5,
  ch2_1,
  ch2_2,
  ch2_3,
  ch2_4,
  ch3_1,
  ch3_2,
  ch3_3,
  ch3_4,
  ch4_1,
  ch4_2,
  ch4_3,
  ch4_4,
  ch4_5,
  ch4_6,
  ch4_7,
  ch5_1,
  ch5_2,
  ch5_3,
  ch5_4,
  ch6_1,
  ch6_2,
  ch6_3,
  ch6_4,
  ch6_5,
  ch7_1,
  ch7_2,
  ch7_3,
  ch7_4,
  ch8_1,
  ch8_2,
  ch8_3,
  ch8_4,
  ch8_5,
  ch8_6,
  ch9_1,
  ch9_2,
  ch9_3,
  ch9_4,
  ch10_1,
  ch10_2,
  ch10_3,
  ch10_4,
  ch10_5,
  ch10_6,
  ch10_7,
  ch10_8,
  ch10_9,
  ch10_10,
  ch10_11,
  ch10_12,
  ch10_13,
  ch10_14,
  ch10_15,
  ch11_1,
  ch11_2,
  ch11_3,
  ch11_4,
  ch11_5,
];

checkControls(controls);
