import { type LookupFunction } from 'node:net';
import { OutboundRefused } from './outbound.errors';
import { isPrivateAddress } from './private-address';

/**
 * A socket's name resolution that refuses private addresses. The socket connects to the very answer judged here, so a name that
 * resolves differently a moment later (DNS rebinding) gains nothing. One private address among public ones refuses the whole
 * name: which of them the socket would take is not ours to foresee.
 */
export function guardedLookup(resolve: LookupFunction): LookupFunction {
  return (hostname, options, answer) => {
    resolve(hostname, options, (error, resolved, family) => {
      if (error) {
        answer(error, resolved, family);
        return;
      }
      const addresses = typeof resolved === 'string' ? [resolved] : resolved.map(({ address }) => address);
      if (addresses.some(isPrivateAddress)) {
        answer(new OutboundRefused(`${hostname} is not a host on the public internet`), []);
        return;
      }
      answer(null, resolved, family);
    });
  };
}
