/** Tiles and checkpoints while the sequencer catches up. */
export interface PublishPace {
  /** Publishes what there is, beside the work that goes on; not where that was done just now, or is being done. */
  offer(): void;
  /** Waits for what is being published, and publishes the rest. @throws what any of it threw since the last time */
  settle(): Promise<void>;
}

/** Entries are in a signed checkpoint well within the two seconds that they may be behind. */
const everyMs = 250;

/**
 * A batch that is one of many waits for others: tiles and a signature for each of them would hold up the reading.
 * @param publish must take what it publishes before it first waits
 */
export function createPublishPace(publish: () => Promise<void>): PublishPace {
  let publishing: Promise<void> | undefined;
  let startedAt = -Infinity;
  return {
    offer() {
      if (publishing !== undefined || performance.now() - startedAt < everyMs) return;
      startedAt = performance.now();
      publishing = publish();
      // One that fails stays where it is, and is told by `settle`.
      publishing.then(
        () => (publishing = undefined),
        () => undefined,
      );
    },
    async settle() {
      const before = publishing;
      publishing = undefined;
      await before;
      await publish();
    },
  };
}
