import { failureOf } from './failure.filter';

describe('failureOf', () => {
  it("takes the router's URIError for a malformed address", () => {
    expect(failureOf(Object.assign(new URIError('%'), { status: 400 }))).toEqual({ kind: 'malformed-url' });
  });

  it('takes a URIError of our own for our mistake', () => {
    expect(failureOf(new URIError('%'))).toEqual({ kind: 'unexpected' });
  });
});
