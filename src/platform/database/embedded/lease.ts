import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, closeSync, constants, fstatSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Home } from './home';

/**
 * A process that uses the server holds its lease: the open writing end of the named pipe
 * `<home>/lease`. The server's watchdog holds the reading end, and reads its end of file once the last
 * holder has closed it. Closing is the kernel's doing, so it happens after SIGKILL too.
 */
export class Lease {
  private constructor(
    readonly path: string,
    private readonly writer: number,
  ) {}

  /** Joins the holders of a running server. @returns undefined when no server offers a lease */
  static join(home: Home): Lease | undefined {
    const path = publishedPath(home);
    const writer = openIfThere(path, constants.O_WRONLY | constants.O_NONBLOCK);
    if (writer === undefined) return undefined;
    // The watchdog takes the name away before it stops the server: with the name gone, we came too late.
    if (fstatSync(writer).ino === statSync(path, { throwIfNoEntry: false })?.ino) return new Lease(path, writer);
    closeSync(writer);
    return undefined;
  }

  /**
   * Makes the lease of a server that is about to start; others find it only once it is published.
   *
   * @returns the lease and `reader`, the descriptor to hand to the watchdog and then to close
   */
  static async create(home: Home): Promise<{ lease: Lease; reader: number }> {
    const path = `${publishedPath(home)}-${randomUUID()}`;
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    if (home.account) chownSync(path, home.account.uid, home.account.gid);
    // Opening one end of a pipe waits for the other, except for a reader that says it will not wait.
    const opener = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    const reader = openSync(path, constants.O_RDONLY);
    closeSync(opener);
    return { lease: new Lease(path, writer), reader };
  }

  /** Lets others join. Only for the one whose server holds the cluster's lock: that makes it the only one. */
  publish(home: Home): Lease {
    renameSync(this.path, publishedPath(home));
    return new Lease(publishedPath(home), this.writer);
  }

  /** Gives up a lease that was never published. */
  discard(): void {
    rmSync(this.path, { force: true });
    closeSync(this.writer);
  }

  /** @returns whether this was the last holder, and the server therefore stops */
  release(): boolean {
    const probe = openIfThere(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    closeSync(this.writer);
    if (probe === undefined) return true;
    const last = isAtEnd(probe);
    closeSync(probe);
    return last;
  }
}

/** The name under which a running server's lease is found. */
export const publishedPath = (home: Home): string => join(home.path, 'lease');

/** ENXIO: the name is left from a crash, and no watchdog reads it. */
function openIfThere(path: string, flags: number): number | undefined {
  try {
    return openSync(path, flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENXIO') return undefined;
    throw error;
  }
}

/** A pipe that others can still write to answers EAGAIN; one without writers, its end. */
function isAtEnd(reader: number): boolean {
  try {
    return readSync(reader, Buffer.alloc(1)) === 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
    throw error;
  }
}
