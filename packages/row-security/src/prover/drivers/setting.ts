import { literal } from '../sql.ts';
import type { Driver } from './driver.ts';
import type { Words } from './words.ts';

/** The textbook way: policies read a custom setting. Nothing stops SQL from setting it, and the attack is to do so. */
export function settingDriver(settings: Readonly<Record<string, string>>, words: Words): Driver {
  const set =
    (local: boolean): Driver['enter'] =>
    (_session, caller, scope) => {
      const calls = Object.entries(settings).map(
        ([name, template]) =>
          `set_config(${literal(name)}, ${literal(words(template, caller, scope) ?? '')}, ${String(local)})`,
      );
      return [`SELECT ${calls.join(', ')}`];
    };
  return {
    enter: set(true),
    hostile: (session, caller, scope) => [
      { name: 'no context', sql: () => [] },
      {
        name: 'empty settings',
        sql: () => [
          `SELECT ${Object.keys(settings)
            .map((name) => `set_config(${literal(name)}, '', true)`)
            .join(', ')}`,
        ],
      },
      { name: 'forged by set_config', sql: () => set(true)(session, caller, scope) },
    ],
  };
}
