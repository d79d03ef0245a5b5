import { clientCredentials } from './token.service';
import { TokenRefusal } from './token.error-format';

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;
const grant = { grant_type: 'client_credentials' };

describe('clientCredentials', () => {
  it.each([
    ['plain', 'client:secret', 'client', 'secret'],
    ['form-encoded', 'a%3Ab:c+d', 'a:b', 'c d'],
    ['with colons in the secret', 'client:a:b', 'client', 'a:b'],
    ['with a stray percent sign', 'client:100%', 'client', '100%'],
  ])('reads a header %s', (_, credentials, clientId, clientSecret) => {
    expect(clientCredentials(basic(credentials), grant)).toEqual({ clientId, clientSecret });
  });

  it('lets the body name the client of the header again, and no other', () => {
    expect(clientCredentials(basic('a:b'), { ...grant, client_id: 'a' })).toEqual({ clientId: 'a', clientSecret: 'b' });
    expect(() => clientCredentials(basic('a:b'), { ...grant, client_id: 'c' })).toThrow(TokenRefusal);
  });

  it.each(['Basic', 'Basic %%%', basic('client'), basic(':secret'), 'Bearer x'])('refuses %s', (header) => {
    expect(() => clientCredentials(header, grant)).toThrow('The client is unknown, or its secret is wrong');
  });
});
