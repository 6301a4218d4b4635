export { insertAlert } from './alert-states.ts';
export { describeRedFlags, findRedFlags, mostRedFlags, readRedFlags, redFlagForm } from './red-flags.ts';
export { escalateAlert, escalateOverdue } from './escalate-alert.ts';
export { createLiveAlerts, type LiveAlerts } from './live-alerts.ts';
export { notifyAlert } from './notify-alert.ts';
export { registerAlertRoutes } from './routes.ts';
