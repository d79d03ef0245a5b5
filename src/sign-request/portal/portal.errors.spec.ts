import { DomainRefusal, type Failure } from '../../platform/envelope/failure';
import { type PortalErrorCode, portalErrorFormat, portalMessages, PortalRefusal } from './portal.errors';

const request = { requestId: 'request-1', method: 'GET', path: '/sign/a', at: new Date(0) };
const answerTo = (failure: Failure) => portalErrorFormat.render(failure, request);

class Foreign extends DomainRefusal {
  readonly code = 'FOREIGN';
}

describe('the error pages of the portal', () => {
  const failures: [Failure, number][] = [
    [{ kind: 'insecure-transport' }, 403],
    [{ kind: 'rate-limited' }, 429],
    [{ kind: 'unauthenticated', reason: 'missing' }, 401],
    [{ kind: 'wrong-media-type', accepted: 'a' }, 400],
    [{ kind: 'too-large', limitBytes: 1 }, 400],
    [{ kind: 'malformed-body', problem: 'a' }, 400],
    [{ kind: 'malformed-url' }, 400],
    [{ kind: 'invalid-input', faults: [] }, 400],
    [{ kind: 'no-such-route' }, 404],
    [{ kind: 'wrong-method', allowed: ['GET'] }, 405],
    [{ kind: 'refused', refusal: new Foreign() }, 500],
    [{ kind: 'unavailable', mayBeDone: true }, 503],
    [{ kind: 'unexpected' }, 500],
  ];
  it.each(failures)('answer %j with a page, with status %i', (failure, status) => {
    const { status: answered, headers, body } = answerTo(failure);
    expect(answered).toBe(status);
    expect(headers).toMatchObject({ 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
    expect(body).toMatch(/^<!doctype html>.*<h1 tabindex="-1">This did not work<\/h1>/s);
  });

  it.each(Object.entries(portalMessages))('say why: %s', (code, message) => {
    const { body } = answerTo({ kind: 'refused', refusal: new PortalRefusal(code as PortalErrorCode) });
    expect(body).toContain(message);
  });
});
