import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeWith } from '../support/programs';
import { openApplication, type TestApplication } from '../support/test-app';

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The shell blocks below a heading of the README, as they are. */
function shellBelow(heading: string): string {
  const section = readme.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block).join('\n');
}

describeWith(['bash', 'curl'], 'The recipes of the README', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true });
  });
  afterAll(() => application.close());

  it('cancel one approval of each kind, in each form of the address', async () => {
    const address = new URL(application.url).host;
    const script = shellBelow('Cancelling by hand').replaceAll('localhost:3000', address);
    const { stdout } = await promisify(execFile)('bash', ['-eu', '-c', script], { cwd: root });
    const statuses = [...stdout.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '200', '200', '201']);
  });
});
