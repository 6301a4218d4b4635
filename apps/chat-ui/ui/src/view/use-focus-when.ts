import { useEffect, useRef, type RefObject } from 'react';

/**
 * Moves the focus to an element each time that `moved` becomes something else and true: where what a person pressed goes away with the
 * pressing, they would otherwise begin again at the top of the page (WCAG 2.2, 2.4.3).
 */
export function useFocusWhen<Kind extends HTMLElement>(moved: boolean | number): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useEffect(() => {
    if (moved) element.current?.focus();
  }, [moved]);
  return element;
}
