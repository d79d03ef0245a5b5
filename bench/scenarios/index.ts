import { type Ground } from '../ground';
import { type Call } from '../load';
import { otpScenario } from './otp';
import { signRequestScenario } from './sign-request';

export interface Scenario {
  readonly name: string;
  /** Makes `count` approvals, and the call that cancels each. */
  prepare(ground: Ground, count: number): Promise<Call[]>;
}

export const scenarios: readonly Scenario[] = [signRequestScenario, otpScenario];
