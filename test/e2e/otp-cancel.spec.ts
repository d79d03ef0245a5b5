import request from 'supertest';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { openHouse, type TestHouse } from '../support/test-app';

describe('POST /otp/cancel', () => {
  let house: TestHouse;
  let tenant: TestTenant;
  beforeAll(async () => {
    house = await openHouse();
    tenant = await registerTenant(house.dataSource);
  });
  afterAll(() => house.close());

  const post = (path: string, body: object) =>
    request(house.url).post(path).set('x-tenant-token', tenant.token).send(body);
  const create = async (): Promise<string> => {
    const body = { scope: 'reset_password', method: 'email', recipient: 'alice@example.com' };
    const created = await post('/otp/create', body).expect(201);
    return created.body.data.id;
  };

  it('cancels a pending OTP, and again without doing more', async () => {
    const reference = { id: await create(), scope: 'reset_password' };
    for (const time of ['first', 'again']) {
      const { body } = await post('/otp/cancel', reference).expect(201);
      expect({ time, ...body }).toEqual({ time, meta: expect.any(Object), data: { success: true } });
    }
  });

  it('knows no OTP under another scope', async () => {
    const { body } = await post('/otp/cancel', { id: await create(), scope: 'otp_signin' }).expect(404);
    expect(body.error).toEqual({ message: 'OTP not found', code: 'OTP_NOT_FOUND', status: 404 });
  });

  it('names each bad field', async () => {
    const { body } = await post('/otp/cancel', { scope: 'other' }).expect(400);
    expect(body.error).toEqual({
      message: 'The provided request data is invalid.',
      code: 'VALIDATION_ERROR',
      status: 400,
      validation: { id: 'Required', scope: 'Invalid enum value' },
    });
  });
});
