/**
 * Imported before all else by what is started from outside: an older Node.js cannot even load the other modules, and
 * would say so in words that do not help. The version is that of `engines` in package.json.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Rescind needs Node.js 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}
