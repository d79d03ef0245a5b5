import { randomUUID, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import request from 'supertest';
import { type Settings } from '../../../src/platform/settings/settings';
import { createAuthority } from '../../../src/pades/signing/authority';
import { registerTenant } from '../../support/fixtures';
import { signaturesOf } from '../../support/pdf/signatures';
import { TimestampServer } from '../../support/pdf/timestamp-server';
import { PortalVisitor, type Shown } from '../../support/portal-visitor';
import { describeWith, run } from '../../support/programs';
import { initiate } from '../../support/sign-requests';
import { openApplication, openNode, type TestApplication } from '../../support/test-app';

describeWith(['openssl', 'pdfsig', 'qpdf'], 'The certificates of signers', () => {
  let folder: string;
  const applications: TestApplication[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rescind-authority-'));
  });
  afterEach(async () => {
    await Promise.all(applications.splice(0).map((application) => application.close()));
    await rm(folder, { recursive: true });
  });

  const open = async (changes: Partial<Settings>) => {
    const application = await openApplication({ sandbox: true, allowPrivateTargets: true, ...changes });
    applications.push(application);
    return { application, party: (await registerTenant(application.dataSource)).relyingParty };
  };
  type Opened = Awaited<ReturnType<typeof open>>;

  const sign = async ({ application, party }: Opened): Promise<{ shown: Shown; document: () => Promise<Buffer> }> => {
    const { request_id, exchange_code, signing_url } = await initiate(application.url, party);
    const shown = await new PortalVisitor(application.url).sign(signing_url);
    const document = async () => {
      const { body } = await request(application.url)
        .get(`/api/v3/sign-requests/${request_id}/signed-doc`)
        .set('authorization', await party.token({ exchange_code, jti: randomUUID() }))
        .expect(200);
      return (
        await request(application.url)
          .get(new URL(body.signed_doc_url as string).pathname)
          .buffer(true)
      ).body as Buffer;
    };
    return { shown, document };
  };
  const certificatesIn = async (document: Buffer): Promise<string> => {
    const { cms } = signaturesOf(document)[0]!;
    await writeFile(join(folder, 'cms.der'), cms);
    return run('openssl', ['pkcs7', '-inform', 'DER', '-in', join(folder, 'cms.der'), '-print_certs', '-noout']).output;
  };

  it('come from an authority that is made once, and shared by all nodes', async () => {
    const opened = await open({});
    const other = await openNode(opened.application.database, { sandbox: true });
    const rows = await opened.application.dataSource.query<{ certificate: string; sealed: Buffer }[]>(
      'SELECT certificate, private_key_sealed AS sealed FROM signing_authority',
    );
    expect(rows).toHaveLength(1);
    expect(new X509Certificate(rows[0]!.certificate).subject).toBe('CN=Rescind Signing CA');
    expect(rows[0]!.sealed.toString('latin1')).not.toContain('PRIVATE KEY');
    await other.close();

    const document = await (await sign(opened)).document();
    await writeFile(join(folder, 'signed.pdf'), document);
    expect(run('pdfsig', ['-nocert', join(folder, 'signed.pdf')]).output).toContain('Signature is Valid.');
    expect(run('qpdf', ['--check', join(folder, 'signed.pdf')]).status).toBe(0);
    expect(await certificatesIn(document)).toContain('CN = Rescind Signing CA');
  });

  it("come from the operator's own, where there is one", async () => {
    const { privateKey, certificate } = await createAuthority('Acme Signing CA', new Date());
    const [keyFile, certificateFile] = [join(folder, 'ca.key'), join(folder, 'ca.pem')];
    await writeFile(keyFile, privateKey);
    await writeFile(certificateFile, certificate);
    const document = await (await sign(await open({ signingAuthority: { keyFile, certificateFile } }))).document();
    expect(await certificatesIn(document)).toContain('CN = Acme Signing CA');
  });

  it('are stamped with the time where an authority for that is named; where it does not answer, nothing is signed', async () => {
    const authority = new TimestampServer(folder);
    const server = createServer((incoming, response) => {
      void buffer(incoming).then((question) => response.end(authority.answer(question)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const tsaUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const opened = await open({ tsaUrl });
    const { shown, document } = await sign(opened);
    expect(shown.title).toBe('Signed');
    const { cms } = signaturesOf(await document())[0]!;
    expect(cms.includes(Buffer.from('A test TSA'))).toBe(true);

    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const failed = await sign(opened);
    expect([failed.shown.status, failed.shown.title]).toEqual([503, 'This did not work']);
    const states = await opened.application.dataSource.query('SELECT status FROM sign_request ORDER BY status');
    expect(states).toEqual([{ status: 'signed' }, { status: 'signing' }]);
  });
});
