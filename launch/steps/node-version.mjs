/** Says what to do when this Node is older than npm's own tools allow; true means: stop. */
export function refuseOldNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 20) return false;
  console.error(
    'Node ' +
      process.versions.node +
      ' is too old: install Node 20 or newer (https://nodejs.org) and run this again.',
  );
  return true;
}
