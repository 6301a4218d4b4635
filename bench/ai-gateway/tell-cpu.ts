// Loaded before any program that is measured, Cordon's or another's.
process.on('message', (asked: { tellCpu?: true }) => {
  if (asked.tellCpu !== true) return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: (user + system) / 1_000 });
});
// Listening to messages must not keep a program that is done; one whose bench was killed ends as well.
process.on('disconnect', () => process.exit());
