import { Logger } from '@nestjs/common';
import { type Checkpoint } from '../../../src/approvals/checkpoints/checkpoint';
import { checkpointAll, checkpointsOf, plantHistory, unscheduleCheckpoints } from '../../support/checkpoints';
import { type Received, Receiver } from '../../support/receiver';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('CHECKPOINT_URL', () => {
  let receiver: Receiver;
  let application: TestApplication;
  beforeEach(async () => {
    receiver = await Receiver.open();
    application = await openApplication({ checkpointUrl: `${receiver.url}/witness`, allowPrivateTargets: true });
    await unscheduleCheckpoints(application);
  });
  afterEach(async () => {
    await application.close();
    await receiver.close();
  });

  const linesOf = ({ body }: Received): Checkpoint[] =>
    body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const sign = async (): Promise<void> => {
    await plantHistory(application.dataSource, 1);
    await checkpointAll(application);
  };

  it('is sent each checkpoint', async () => {
    await sign();
    const checkpoints = await checkpointsOf(application);
    const received = await receiver.received('/witness');
    expect(received.flatMap(linesOf)).toEqual(checkpoints);
    expect(received[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/x-ndjson' } });
  });

  it('is sent what it did not take again with the next, and a failure is logged', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    receiver.answer(503);
    await sign();
    const failed = await checkpointsOf(application);
    expect(failed.length).toBeGreaterThan(0);
    expect(warn).toHaveBeenCalledWith(
      { err: expect.any(Error), checkpoint: failed.length },
      'CHECKPOINT_URL has not taken the checkpoints',
    );
    receiver.answer(204);
    receiver.calls.length = 0;
    await sign();
    expect((await receiver.received('/witness')).flatMap(linesOf)).toEqual(await checkpointsOf(application));
  });

  it('on an address that may not be called fails nothing else', async () => {
    const unlucky = await openApplication({ checkpointUrl: `${receiver.url}/witness` });
    await unscheduleCheckpoints(unlucky);
    await checkpointAll(unlucky);
    expect((await checkpointsOf(unlucky)).length).toBeGreaterThan(0);
    await unlucky.close();
    expect(receiver.calls).toEqual([]);
  });
});
