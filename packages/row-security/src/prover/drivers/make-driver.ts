import type { DriverConfig } from '../config.ts';
import type { LevelMap } from '../rows/levels.ts';
import type { Driver } from './driver.ts';
import { sealedDriver } from './sealed.ts';
import { settingDriver } from './setting.ts';
import { makeWords } from './words.ts';

export function makeDriver(config: DriverConfig, levels: LevelMap): Driver {
  switch (config.kind) {
    case 'setting':
      return settingDriver(config.settings, makeWords(levels));
    case 'sealed':
      return sealedDriver(config.key, levels);
    case 'none':
      return { enter: () => [], hostile: () => [{ name: 'no context', sql: () => [] }] };
  }
}
