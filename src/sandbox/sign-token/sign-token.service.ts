import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sign } from 'jsonwebtoken';
import { Failed } from '../../platform/envelope/failure';
import { demo } from '../demo/demo';
import { SandboxKeys } from '../demo/sandbox-keys';
import { type SignedToken, type SignToken } from './sign-token.dto';

const lifeSeconds = 120;

/** Signs what the demo relying party would sign. */
@Injectable()
export class SignTokenService {
  constructor(private readonly keys: SandboxKeys) {}

  /**
   * A fresh token of the demo relying party. Given claims stand as they are, wrong ones too, so that refusals can be tried.
   * @throws Failed `invalid-input` when a time among the claims is not a number
   */
  async sign({ claims }: SignToken): Promise<SignedToken> {
    const { clientId } = demo.relyingParty;
    const iat = Math.floor(Date.now() / 1000);
    const payload = { client_id: clientId, iat, exp: iat + lifeSeconds, jti: randomUUID(), ...claims };
    const privateKey = await this.keys.privateKey(clientId);
    try {
      return { token: sign(payload, privateKey, { algorithm: 'ES256', keyid: clientId }) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'cannot be signed';
      throw new Failed({ kind: 'invalid-input', faults: [{ field: 'claims', problem }] });
    }
  }
}
