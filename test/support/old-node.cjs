/** Required before a program: it then runs on what says it is Node.js 18, and cannot require ES modules as that cannot. */
const Module = require('node:module');

Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });
const load = Module._load;
Module._load = (name, ...rest) => {
  if (name.startsWith('@nestjs/')) throw Object.assign(new Error(`require() of ${name}`), { code: 'ERR_REQUIRE_ESM' });
  return load(name, ...rest);
};
