import { type Page } from '../page';
import { type PortalRequest } from '../portal.repository';

/** The open page asks below its own path whether it still shows the truth. */
export function follow(path: string, { tag }: PortalRequest): NonNullable<Page['follow']> {
  return { changes: `${path}/changes`, seen: tag };
}
