import { type EnvironmentReader } from './environment-reader';

/** How an SMS is handed to an HTTP gateway. */
export interface SmsGatewaySettings {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>> & { readonly 'Content-Type': string };
  /** `{recipient}` and `{text}` are filled in, escaped for the content type. */
  readonly body: string;
}

/** Undefined where there is no `SMS_GATEWAY_URL`. */
export function readSmsGateway(read: EnvironmentReader): SmsGatewaySettings | undefined {
  const url = read.url('SMS_GATEWAY_URL', ['http:', 'https:']);
  const method = read.oneOf('SMS_GATEWAY_METHOD', ['POST', 'PUT', 'PATCH'], 'POST');
  const headers = { 'Content-Type': 'application/json', ...read.texts('SMS_GATEWAY_HEADERS') };
  const body = read.text('SMS_GATEWAY_BODY') ?? '{"to":"{recipient}","text":"{text}"}';
  for (const placeholder of ['{recipient}', '{text}'])
    if (!body.includes(placeholder)) read.fault('SMS_GATEWAY_BODY', `must hold ${placeholder}`);
  return url === undefined ? undefined : { url, method, headers, body };
}
