const REMEMBERED = 'cordon.alert-sound';

/** On unless it was switched off in this browser. */
export function isSoundOn(): boolean {
  try {
    return window.localStorage.getItem(REMEMBERED) !== 'off';
  } catch {
    return true;
  }
}

export function setSound(on: boolean): void {
  try {
    if (on) window.localStorage.removeItem(REMEMBERED);
    else window.localStorage.setItem(REMEMBERED, 'off');
  } catch {
    // Storage switched off in the browser: the choice lasts until the page is loaded again.
  }
}

const NOTES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.18 },
] as const;
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.2;

/** Two short notes, made by the browser. A browser that wants a touch of the page first stays silent until there was one. */
export function playAlertSound(): void {
  if (!isSoundOn()) return;
  const audio = new AudioContext();
  for (const { hertz, at } of NOTES) {
    const [tone, gain] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + at;
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(LOUDNESS, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + NOTE_SECONDS);
  }
  setTimeout(() => void audio.close(), 1_000);
}
