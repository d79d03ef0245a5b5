import { type Definition } from '../platform/openapi/definition';

export const otpDefinition: Definition = {
  name: 'otp',
  title: 'OTP',
  description: 'One-time passwords that can be called back until the moment they are verified.',
  bases: ['/otp', '/sandbox/inbox', '/sandbox/clock'],
  examples: { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
};
