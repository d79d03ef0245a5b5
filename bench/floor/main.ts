import { createServer, type IncomingMessage } from 'node:http';
import { Pool } from 'pg';
import { cancelOtpCall } from './otp';
import { cancelSignRequestCall } from './sign-request';
import { cancelSignatureCall } from './signature';

/** What a handler of the floor gets, and what it answers: a status and a body. */
export interface FloorCall {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly pool: Pool;
}
export type FloorHandler = (call: FloorCall) => Promise<readonly [status: number, body: object]>;

const handlers: Readonly<Record<string, FloorHandler>> = {
  '/api/v3/sign-requests/cancel': cancelSignRequestCall,
  '/digitanium/v4/users/signature/': cancelSignatureCall,
  '/otp/cancel': cancelOtpCall,
};

/** The floor: what the same cancels cost with nothing around them. It knows the one case that is measured. */
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
createServer((request, response) => {
  void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    const handler = Object.entries(handlers).find(([prefix]) => path.startsWith(prefix))?.[1];
    const call = { request, body: Buffer.concat(chunks).toString(), pool };
    const [status, body] = handler === undefined ? [404, {}] : await handler(call);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  })();
}).listen(Number(process.env.PORT), '127.0.0.1', () => {
  process.stdout.write('ready\n');
});
process.on('SIGTERM', () => process.exit(0));
