import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const configuration = `
[req]
distinguished_name = name
[name]
[stamping]
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = default
[default]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`;

/** A time-stamping authority by OpenSSL, which has to be there. */
export class TimestampServer {
  /** @param folder where its key and its last question and answer are kept */
  constructor(private readonly folder: string) {
    writeFileSync(join(folder, 'tsa.cnf'), configuration);
    writeFileSync(join(folder, 'serial'), '01\n');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'tsa.key'];
    this.openssl(
      'req',
      '-x509',
      ...key,
      '-subj',
      '/CN=A test TSA',
      '-extensions',
      'stamping',
      '-out',
      'tsa.pem',
      '-config',
      'tsa.cnf',
    );
  }

  /** @param request the DER of a TimeStampReq @returns the DER of a TimeStampResp */
  answer(request: Buffer): Buffer {
    writeFileSync(join(this.folder, 'question.tsq'), request);
    this.openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'question.tsq', '-out', 'answer.tsr');
    return readFileSync(join(this.folder, 'answer.tsr'));
  }

  private openssl(...parameters: string[]): void {
    execFileSync('openssl', parameters, { cwd: this.folder, stdio: 'pipe' });
  }
}
