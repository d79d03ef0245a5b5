import { type EnvironmentReader } from './environment-reader';

/** PEM files. */
export interface SigningAuthoritySettings {
  readonly keyFile: string;
  readonly certificateFile: string;
}

/** `SIGNING_CA_*_FILE`; undefined where none are named. */
export function readSigningAuthority(read: EnvironmentReader): SigningAuthoritySettings | undefined {
  const keyFile = read.text('SIGNING_CA_KEY_FILE');
  const certificateFile = read.text('SIGNING_CA_CERTIFICATE_FILE');
  if ((keyFile === undefined) !== (certificateFile === undefined))
    read.fault('SIGNING_CA_KEY_FILE', 'and SIGNING_CA_CERTIFICATE_FILE go together');
  return keyFile === undefined || certificateFile === undefined ? undefined : { keyFile, certificateFile };
}
