import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SealedKeys, Vault } from '../../platform/secrets/vault';
import { type Checkpoint, isSignedBy, signedText, type UnsignedCheckpoint } from './checkpoint';
import { CheckpointRepository } from './checkpoint.repository';

/** The key pair that signs checkpoints (Ed25519): one for all nodes and for good, so that old checkpoints can be verified. */
@Injectable()
export class CheckpointKey implements OnModuleInit {
  private own?: { readonly publicJwk: JsonWebKey; readonly publicKey: KeyObject; readonly privateKey: KeyObject };

  private readonly sealed: SealedKeys;

  constructor(
    private readonly checkpoints: CheckpointRepository,
    vault: Vault,
  ) {
    this.sealed = new SealedKeys(vault, 'checkpoint-key');
  }

  /** Makes it at the first start. @throws SealBroken when the master key is not this database's */
  async onModuleInit(): Promise<void> {
    const { kid, publicJwk, privateSealed } = (await this.checkpoints.key()) ?? (await this.make());
    this.own = {
      publicJwk: publicJwk as JsonWebKey,
      publicKey: createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }),
      privateKey: this.sealed.open(kid, privateSealed),
    };
  }

  /** RFC 8037, with its `kid`. */
  get publicJwk(): object {
    return this.key.publicJwk;
  }

  sign(content: Omit<UnsignedCheckpoint, 'kid'>): Checkpoint {
    const unsigned = { ...content, kid: this.key.publicJwk.kid as string };
    const signature = sign(null, Buffer.from(signedText(unsigned)), this.key.privateKey);
    return { ...unsigned, signature: signature.toString('base64url') };
  }

  hasSigned(checkpoint: Checkpoint): boolean {
    return isSignedBy(this.key.publicKey, checkpoint);
  }

  private get key() {
    if (this.own === undefined) throw new Error('The key of the checkpoints is not loaded yet');
    return this.own;
  }

  private make() {
    const kid = randomUUID();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'EdDSA' };
    return this.checkpoints.keep({ kid, publicJwk, privateSealed: this.sealed.seal(kid, privateKey) });
  }
}
