import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { Public } from '../../platform/auth/authenticate';
import { Pages, SeeOther } from '../portal/page.interceptor';
import { linkIn, PortalService } from '../portal/portal.service';
import { Identification } from './identification';
import { callbackPath } from './identity-provider';
import { Visitors } from './visitors';

/** Where identity providers send people back to. */
@ApiExcludeController()
@Public()
@Pages()
@Controller(callbackPath)
export class IdentityController {
  constructor(
    private readonly identification: Identification,
    private readonly visitors: Visitors,
    private readonly portal: PortalService,
  ) {}

  @Get()
  async arrive(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<SeeOther> {
    const { person, page } = await this.identification.finish(request, response);
    const link = linkIn(page);
    if (link !== undefined) await this.portal.lock(link, person);
    this.visitors.welcome(response, page, person);
    return new SeeOther(page);
  }
}
