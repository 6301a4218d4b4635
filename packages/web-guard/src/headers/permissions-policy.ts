/**
 * The powerful features of the W3C Permissions Policy registry. Left out are those that Chromium does not know on every
 * platform (`bluetooth`, `web-share`): it warns of them on each page, and only this origin's own scripts could ask.
 */
const features = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'sync-xhr',
  'usb',
  'window-management',
  'xr-spatial-tracking',
] as const;

export type PermissionFeature = (typeof features)[number];

/** The `Permissions-Policy` that switches every feature off but those named, which the page itself may use. */
export function permissionsPolicy(allowed: readonly PermissionFeature[] = []): string {
  return features.map((feature) => `${feature}=(${allowed.includes(feature) ? 'self' : ''})`).join(', ');
}
