import { useState } from 'react';
import { isSoundOn, playAlertSound, setSound } from './sound.ts';

export function SoundChoice() {
  const [on, setOn] = useState(isSoundOn);
  return (
    <label className="choice-line">
      <input
        type="checkbox"
        checked={on}
        onChange={({ target: { checked } }) => {
          setSound(checked);
          setOn(checked);
          // Heard once, so that people know what to listen for.
          if (checked) playAlertSound();
        }}
      />
      Play a sound in this browser when an alert comes in, also while it is locked
    </label>
  );
}
