import { otpLifecycle } from '../../../src/otp/otp.lifecycle';
import { describeMatrix } from '../../support/matrix';

describeMatrix(otpLifecycle);
