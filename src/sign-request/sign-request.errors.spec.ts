import { DomainRefusal, type Failure } from '../platform/envelope/failure';
import {
  type SignRequestErrorCode,
  signRequestErrorFormat,
  signRequestMessages,
  SignRequestRefusal,
} from './sign-request.errors';

const request = { requestId: 'request-1', method: 'POST', path: '/api/v3/sign-requests', at: new Date(0) };
const answerTo = (failure: Failure) => signRequestErrorFormat.render(failure, request);

class Foreign extends DomainRefusal {
  readonly code = 'OTP_NOT_FOUND';
}

describe('the error format of Sign v3', () => {
  const table: [Failure, number, string, string][] = [
    [{ kind: 'insecure-transport' }, 403, 'HTTPS_REQUIRED', 'API requests must be made over https'],
    [{ kind: 'rate-limited' }, 429, 'TOO_MANY_REQUESTS', 'Too many requests'],
    [{ kind: 'wrong-media-type', accepted: 'a or b' }, 415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be a or b'],
    [{ kind: 'too-large', limitBytes: 10 }, 413, 'INVALID_DOCUMENT', 'The document is larger than 10 bytes'],
    [{ kind: 'malformed-body', problem: 'Bad.' }, 400, 'INVALID_REQUEST', 'Bad.'],
    [{ kind: 'malformed-url' }, 400, 'INVALID_REQUEST', 'The address is malformed'],
    [{ kind: 'invalid-input', faults: [{ field: 'a', problem: 'b' }] }, 400, 'INVALID_REQUEST', 'a: b'],
    [{ kind: 'no-such-route' }, 404, 'NOT_FOUND', 'There is nothing at this address'],
    [{ kind: 'refused', refusal: new Foreign() }, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side'],
    [{ kind: 'unexpected' }, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side'],
  ];
  it.each(table)('words %j with status %i', (failure, status, error, description) => {
    expect(answerTo(failure)).toEqual({ status, body: { error, error_description: description } });
  });

  it('says when to call again in an outage, and whether the call may have been carried out', () => {
    const headers = { 'Retry-After': '1' };
    const error = 'SERVICE_UNAVAILABLE';
    expect(answerTo({ kind: 'unavailable', mayBeDone: false })).toEqual({
      status: 503,
      headers,
      body: { error, error_description: 'This call cannot be served at present; please try again' },
    });
    expect(answerTo({ kind: 'unavailable', mayBeDone: true })).toEqual({
      status: 503,
      headers,
      body: {
        error,
        error_description: 'It is not known whether this call was carried out; repeat it to find out',
      },
    });
  });

  it('says when to call again where too much is being done', () => {
    const { status, headers } = answerTo({ kind: 'refused', refusal: new SignRequestRefusal('SERVER_BUSY') });
    expect({ status, headers }).toEqual({ status: 503, headers: { 'Retry-After': '1' } });
  });

  it('says the same of every token that is not accepted', () => {
    const [missing, invalid] = (['missing', 'invalid'] as const).map((reason) =>
      answerTo({ kind: 'unauthenticated', reason }),
    );
    expect(missing).toEqual(invalid);
    expect(missing).toMatchObject({ status: 401, headers: { 'WWW-Authenticate': 'Bearer' } });
  });

  it('names the methods that are allowed', () => {
    const answer = answerTo({ kind: 'wrong-method', allowed: ['GET', 'POST'] });
    expect(answer).toMatchObject({
      status: 405,
      headers: { Allow: 'GET, POST' },
      body: { error: 'METHOD_NOT_ALLOWED' },
    });
  });

  it.each(Object.entries(signRequestMessages))('words %s as its catalogue does', (code, description) => {
    const refusal = new SignRequestRefusal(code as SignRequestErrorCode);
    expect(answerTo({ kind: 'refused', refusal }).body).toEqual({ error: code, error_description: description });
  });
});
