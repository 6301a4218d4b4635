import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@cordon/service';
import type { Accounts } from '../accounts/accounts.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text; holds links and times, never anything of a record. */
  readonly text: string;
}

/** How letters leave. A deployment brings its own; this one writes them where the operator of a demo can read them. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** Where no folder is named, no letter leaves; that one was due is said without its content. */
export function createNoMailer(logger: Logger): Mailer {
  return {
    send: () => {
      logger.warn('no mail folder is set, a letter was not sent');
      return Promise.resolve();
    },
  };
}

/** One JSON file a letter, readable by the process's own user alone. */
export function createFolderMailer(folder: string): Mailer {
  return {
    async send(mail) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID()}.json`;
      await writeFile(join(folder, name), `${JSON.stringify(mail, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    },
  };
}

/** A notice that nothing depends on: when it cannot be sent, the log says so. */
export async function tellPerson(
  deps: { accounts: Pick<Accounts, 'readEmail'>; mailer: Mailer; logger: Logger },
  accountId: string,
  notice: { subject: string; text: string },
): Promise<void> {
  try {
    await deps.mailer.send({ to: await deps.accounts.readEmail(accountId), ...notice });
  } catch (error) {
    deps.logger.error('notice not sent', { err: error });
  }
}
