import { type Failure } from '../platform/envelope/failure';
import { exampleFacts } from '../platform/openapi/answers';
import { deviceErrorFormat, signatureErrorFormat } from './signature.error-format';
import { type SignatureErrorCode, signatureMessages, SignatureRefusal } from './signature.errors';

const rendered = (failure: Failure) => signatureErrorFormat.render(failure, exampleFacts);

describe('the Digitanium error format', () => {
  const failures: [number, string, Failure][] = [
    [403, 'FORBIDDEN', { kind: 'insecure-transport' }],
    [429, 'TOO_MANY_REQUESTS', { kind: 'rate-limited' }],
    [401, 'Unauthorized', { kind: 'unauthenticated', reason: 'missing' }],
    [400, 'BAD_REQUEST', { kind: 'wrong-media-type', accepted: 'application/json' }],
    [413, 'PAYLOAD_TOO_LARGE', { kind: 'too-large', limitBytes: 1 }],
    [400, 'BAD_REQUEST', { kind: 'malformed-body', problem: 'The body is malformed.' }],
    [400, 'BAD_REQUEST', { kind: 'malformed-url' }],
    [400, 'BAD_REQUEST', { kind: 'invalid-input', faults: [{ field: 'a', problem: 'a is odd' }] }],
    [404, 'NOT_FOUND', { kind: 'no-such-route' }],
    [405, 'METHOD_NOT_ALLOWED', { kind: 'wrong-method', allowed: ['DELETE'] }],
    [503, 'SERVICE_UNAVAILABLE', { kind: 'unavailable', mayBeDone: false }],
    [500, 'INTERNAL_SERVER_ERROR', { kind: 'unexpected' }],
  ];
  it.each(failures)('says %i %s of %j', (httpStatus, status, failure) => {
    expect(rendered(failure)).toMatchObject({ status: httpStatus, body: { subSystem: 5, status } });
  });

  it('says every refusal in its own words, with a status of the client', () => {
    for (const code of Object.keys(signatureMessages) as SignatureErrorCode[]) {
      const { status, body } = rendered({ kind: 'refused', refusal: new SignatureRefusal(code) });
      expect(body).toEqual({ subSystem: 5, status: expect.any(String), message: signatureMessages[code] });
      expect(Math.floor(status / 100)).toBe(4);
    }
  });

  it('names all that is wrong at once', () => {
    const faults = ['a', 'b'].map((field) => ({ field, problem: `${field} is odd` }));
    expect(rendered({ kind: 'invalid-input', faults }).body).toMatchObject({ message: 'a is odd; b is odd' });
  });

  it('has subSystem 6 where devices are called', () => {
    expect(deviceErrorFormat.render({ kind: 'unexpected' }, exampleFacts).body).toMatchObject({ subSystem: 6 });
  });
});
