import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsnConvert } from '@peculiar/asn1-schema';
import { PKIStatus, PKIStatusInfo, TimeStampResp } from '@peculiar/asn1-tsp';
import { TimestampServer } from '../../../test/support/pdf/timestamp-server';
import { describeWith } from '../../../test/support/programs';
import { timestampSignature } from './timestamp';

const signature = Buffer.from('a signature');

describe('asking for a time-stamp', () => {
  it('fails when the authority cannot be reached', async () => {
    const asked = timestampSignature(signature, () => Promise.reject(new Error('down')));
    await expect(asked).rejects.toThrow('The time-stamping authority could not be asked.');
  });

  it.each(['', '<html>', '\x30\x00', '\x30\x80'])('fails when the answer cannot be read: %j', async (answer) => {
    const asked = timestampSignature(signature, () => Promise.resolve(Buffer.from(answer, 'latin1')));
    await expect(asked).rejects.toThrow('The answer of the time-stamping authority cannot be read.');
  });

  it('fails when the authority refuses, with its status', async () => {
    const refusal = new TimeStampResp({ status: new PKIStatusInfo({ status: PKIStatus.rejection }) });
    const asked = timestampSignature(signature, () => Promise.resolve(Buffer.from(AsnConvert.serialize(refusal))));
    await expect(asked).rejects.toThrow('The time-stamping authority refused with status 2.');
  });
});

describeWith(['openssl'], 'a time-stamp by OpenSSL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'timestamp-'));
  let server: TimestampServer;
  beforeAll(() => {
    server = new TimestampServer(folder);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is taken when it answers the question', async () => {
    const token = await timestampSignature(signature, (request) => Promise.resolve(server.answer(request)));
    expect(token.length).toBeGreaterThan(500);
  });

  it('is refused when it answers another', async () => {
    let earlier: Buffer | undefined;
    const answerFirst = (request: Buffer) => Promise.resolve((earlier ??= server.answer(request)));
    await timestampSignature(signature, answerFirst);
    const asked = timestampSignature(signature, answerFirst);
    await expect(asked).rejects.toThrow('The time-stamp is for something else.');
  });
});
