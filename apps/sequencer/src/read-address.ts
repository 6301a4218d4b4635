import { isSecureAddress, ServiceError } from '@cordon/service';

/** An address out of a file that a setting names. @throws ServiceError `settings-invalid`, naming the setting. */
export function readAddress(setting: string, address: string): string {
  const refuse = (reason: string) =>
    new ServiceError('settings-invalid', `The settings are not complete. ${setting}: ${reason}.`);
  if (!URL.canParse(address)) throw refuse('a line begins with no address');
  if (!isSecureAddress(address)) throw refuse('an address must be https beyond this machine');
  return new URL(address).href;
}
