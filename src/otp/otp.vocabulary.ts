/** What an OTP may be for. Source: Cancel (OTP), "Body". */
export const otpScopes = ['email_verification', 'phone_verification', 'reset_password', 'otp_signin'] as const;
export type OtpScope = (typeof otpScopes)[number];

export const otpMethods = ['email', 'sms'] as const;
export type OtpMethod = (typeof otpMethods)[number];
