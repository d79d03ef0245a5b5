import { otpLifecycle } from '../../../src/otp/otp.lifecycle';
import { signRequestLifecycle } from '../../../src/sign-request/sign-request.lifecycle';
import { signatureLifecycle } from '../../../src/signature/signature.lifecycle';
import { describeMatrix } from '../../support/matrix';

describeMatrix(signRequestLifecycle);
describeMatrix(otpLifecycle);
describeMatrix(signatureLifecycle);
