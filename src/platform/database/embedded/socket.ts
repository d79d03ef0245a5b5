import { chown, mkdtemp } from 'node:fs/promises';
import { type Home } from './home';

/** The server has no TCP port, so this only names the socket's file, `.s.PGSQL.5432`. */
export const port = 5432;

/** A socket's whole path may have 103 bytes at most on macOS, 107 on Linux; its file's name takes 14. */
const longestDirectory = 88;

/**
 * Where the server's socket is: in its home, or, where that path is too long or holds a character
 * that `unix_socket_directories` would have to quote, in a temporary directory of the same mode (0700).
 */
export async function socketDirectory(home: Home): Promise<string> {
  if (home.path.length <= longestDirectory && /^[\w./-]+$/.test(home.path)) return home.path;
  // Not os.tmpdir(): TMPDIR may itself be long, or closed to the server's account.
  const directory = await mkdtemp('/tmp/rescind-');
  if (home.account) await chown(directory, home.account.uid, home.account.gid);
  return directory;
}
