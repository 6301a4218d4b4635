import { tellOtherTabs } from '@cordon/clinic-page';
import { useEffect } from 'react';
import { Frame } from '../shell/frame.tsx';

/** Where the tab of an unlocking ends: it tells the tab that waits, and goes. Some browsers let only the person close it. */
export function ReturnScreen() {
  useEffect(() => {
    document.title = 'Done – Cordon console';
    tellOtherTabs();
    window.close();
  }, []);
  return (
    <Frame>
      <h1 className="page-heading">That was you</h1>
      <p className="lead">Close this tab and go on in the one you came from.</p>
      <p>
        <a href="/">Or open the console here</a>
      </p>
    </Frame>
  );
}
