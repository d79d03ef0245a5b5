import { Label } from '../input';

export class CreateTenantToken {
  /** What history calls whoever uses it. */
  @Label('backend')
  name: string;
}
