import { spawnSync } from 'node:child_process';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyDirectory } from './own-postgres';

/** Whether this process may mount a file system: `unshare` needs the same right. */
export const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

/** A file system in memory that PostgreSQL's account may write to, and that can be full. */
export class SmallDisk {
  private constructor(readonly directory: string) {}

  static async mount(sizeMib: number): Promise<SmallDisk> {
    const directory = await emptyDirectory();
    const { uid, gid } = await stat(directory);
    runOrThrow('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m,uid=${uid},gid=${gid}`, 'rescind-test', directory]);
    return new SmallDisk(directory);
  }

  /** Takes all that is free. */
  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.directory);
    const file = await open(this.filler, 'w');
    try {
      for (let block = 0; block < bavail; block += 1) await file.write(Buffer.alloc(bsize, 1));
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.filler);
  }

  async unmount(): Promise<void> {
    runOrThrow('umount', [this.directory]);
    await rm(this.directory, { recursive: true });
  }

  private get filler(): string {
    return join(this.directory, 'filler');
  }
}

function runOrThrow(program: string, parameters: string[]): void {
  const { status, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
}
