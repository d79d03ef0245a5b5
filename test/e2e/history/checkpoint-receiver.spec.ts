import { Logger } from '@nestjs/common';
import { type Checkpoint } from '../../../src/approvals/checkpoints/checkpoint';
import { checkpointAll, checkpointsOf, plantHistory, unscheduleCheckpoints } from '../../support/checkpoints';
import { type Received, Receiver } from '../../support/receiver';
import { openHouse, type TestHouse } from '../../support/test-app';

describe('CHECKPOINT_URL', () => {
  let receiver: Receiver;
  let house: TestHouse;
  beforeEach(async () => {
    receiver = await Receiver.open();
    house = await openHouse({ checkpointUrl: `${receiver.url}/witness`, allowPrivateTargets: true });
    await unscheduleCheckpoints(house);
  });
  afterEach(async () => {
    await house.close();
    await receiver.close();
  });

  const linesOf = ({ body }: Received): Checkpoint[] =>
    body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const sign = async (): Promise<void> => {
    await plantHistory(house.dataSource, 1);
    await checkpointAll(house);
  };

  it('is sent each checkpoint', async () => {
    await sign();
    const checkpoints = await checkpointsOf(house);
    const received = await receiver.received('/witness');
    expect(received.flatMap(linesOf)).toEqual(checkpoints);
    expect(received[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/x-ndjson' } });
  });

  it('is sent what it did not take again with the next, and a failure is logged', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    receiver.answer(503);
    await sign();
    const failed = await checkpointsOf(house);
    expect(failed.length).toBeGreaterThan(0);
    expect(warn).toHaveBeenCalledWith(
      { err: expect.any(Error), checkpoint: failed.length },
      'CHECKPOINT_URL has not taken the checkpoints',
    );
    receiver.answer(204);
    receiver.calls.length = 0;
    await sign();
    expect((await receiver.received('/witness')).flatMap(linesOf)).toEqual(await checkpointsOf(house));
  });

  it('on an address that may not be called fails nothing else', async () => {
    const unlucky = await openHouse({ checkpointUrl: `${receiver.url}/witness` });
    await unscheduleCheckpoints(unlucky);
    await checkpointAll(unlucky);
    expect((await checkpointsOf(unlucky)).length).toBeGreaterThan(0);
    await unlucky.close();
    expect(receiver.calls).toEqual([]);
  });
});
