import { Slug } from '../input';

export class CreateOauthClient {
  @Slug('backend')
  clientId: string;
}
