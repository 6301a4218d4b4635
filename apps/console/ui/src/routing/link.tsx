import type { ComponentPropsWithoutRef, MouseEvent } from 'react';
import { type Route, pathOf } from './routes.ts';
import { navigate } from './router.ts';

interface LinkProps extends Omit<ComponentPropsWithoutRef<'a'>, 'href'> {
  readonly to: Route;
}

/** An ordinary link; only a plain click is taken over, so that new tabs and windows work as everywhere. */
export function Link({ to, ...rest }: LinkProps) {
  const path = pathOf(to);
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(path);
  };
  return <a {...rest} href={path} onClick={follow} />;
}
