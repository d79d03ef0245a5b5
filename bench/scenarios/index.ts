import { type Ground } from '../ground';
import { type Call } from '../load';
import { otpScenario } from './otp';
import { signRequestScenario } from './sign-request';
import { signatureScenario } from './signature';

export interface Scenario {
  readonly name: string;
  /** Makes `count` approvals, and the call that cancels each. `url` is Rescind's, where tokens come from. */
  prepare(ground: Ground, count: number, url: string): Promise<Call[]>;
}

export const scenarios: readonly Scenario[] = [signRequestScenario, signatureScenario, otpScenario];
