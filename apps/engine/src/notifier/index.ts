export { writeNotice, type Notice, type NoticeReason, type Notifier } from './notifier.ts';
export { openNotifier, readNotifierSettings, type NotifierSettings } from './settings.ts';
