import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import {
  applyDecorators,
  type ArgumentMetadata,
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  mixin,
  type NestInterceptor,
  SetMetadata,
  type Type,
  UseInterceptors,
  ValidationPipe,
} from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { type ValidationError } from 'class-validator';
import { json, raw, type Request, type Response, urlencoded } from 'express';
import { finalize } from 'rxjs';
import { type Principal } from '../auth/authenticate';
import { Failed, type Fault } from '../envelope/failure';
import { type Settings, SETTINGS } from '../settings/settings';

/** The largest JSON or form body, in bytes. */
export const bodyLimitBytes = 64 * 1024;

const nestingLimit = 32;

const options = {
  limit: bodyLimitBytes,
  verify: (_request: unknown, _response: unknown, bytes: Buffer, charset: string) => {
    // The reader itself would take any `utf-…`, and a form in Latin-1.
    if (charset !== 'utf-8') throw new Failed({ kind: 'wrong-media-type', accepted: 'in UTF-8' });
    if (!isUtf8(bytes)) throw new Failed({ kind: 'malformed-body', problem: 'The body is not valid UTF-8.' });
  },
};

/** Marks the routes that read a body. */
export const readsBody = 'rescind:reads-body';

/** A request whose body is awaited: `onceRead` is called with it after it is read, before the route's handler is. */
export interface AwaitedBody {
  onceRead?: (body: unknown) => Promise<void>;
}

type BodyReader = (request: Request, response: Response) => Promise<void>;

/**
 * What is wrong with a parsed body, if anything. Deep nesting costs nothing to send, and the stack of the code that walks
 * it. Half a surrogate pair is no text: on its way to the database it would become the same replacement as any other.
 */
function faultIn(value: unknown, levels = nestingLimit): string | undefined {
  if (typeof value === 'string')
    return value.isWellFormed() ? undefined : 'The body holds text that is not valid Unicode.';
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return 'The body is nested too deeply.';
  for (const each of [...Object.keys(value), ...(Object.values(value) as unknown[])]) {
    const fault = faultIn(each, levels - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * Bodies are read here, after the guards and not in a middleware before them: a caller without the right gets its refusal
 * before a byte of the body is read.
 */
abstract class BodyInterceptor implements NestInterceptor {
  protected abstract readonly accepted: readonly string[];
  protected abstract readonly read: BodyReader;

  async intercept(context: ExecutionContext, next: CallHandler): Promise<ReturnType<CallHandler['handle']>> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    if (request.is([...this.accepted]) === false)
      throw new Failed({ kind: 'wrong-media-type', accepted: this.accepted.join(' or ') });
    if (awaitsWord(request)) response.writeContinue();
    await this.read(request, response);
    await (request as AwaitedBody).onceRead?.(request.body);
    return next.handle();
  }
}

/** RFC 9110, section 10.1.1: who does so sends no body before it is asked for. */
function awaitsWord({ headers, httpVersion }: Request): boolean {
  return httpVersion === '1.1' && headers.expect?.toLowerCase() === '100-continue';
}

@Injectable()
class JsonBodyInterceptor extends BodyInterceptor {
  protected readonly accepted = ['application/json'];
  // Any JSON is read; that a value is no object is for `InputPipe` to say.
  private readonly parse: BodyReader = promisify(json({ ...options, strict: false }));
  protected readonly read: BodyReader = async (request, response) => {
    await this.parse(request, response);
    const problem = faultIn(request.body);
    if (problem !== undefined) throw new Failed({ kind: 'malformed-body', problem });
  };
}

@Injectable()
class FormBodyInterceptor extends BodyInterceptor {
  protected readonly accepted = ['application/x-www-form-urlencoded'];
  protected readonly read: BodyReader = promisify(urlencoded({ ...options, extended: false, parameterLimit: 100 }));
}

const reads = (interceptor: Type<NestInterceptor>, mediaTypes: readonly string[]) =>
  applyDecorators(UseInterceptors(interceptor), SetMetadata(readsBody, true), ApiConsumes(...mediaTypes));

/** The route reads a JSON body of at most 64 KiB. */
export const AcceptsJson = () => reads(JsonBodyInterceptor, ['application/json']);

/** The route reads a form-encoded body of at most 64 KiB. */
export const AcceptsForm = () => reads(FormBodyInterceptor, ['application/x-www-form-urlencoded']);

/** The route reads a body of one of these media types as bytes, at most `limitBytes` of them; no body is no bytes. */
export const AcceptsBytes = (accepted: readonly string[], limitBytes: number) => {
  const readBytes: BodyReader = promisify(raw({ type: () => true, limit: limitBytes }));
  class BytesBodyInterceptor extends BodyInterceptor {
    protected readonly accepted = accepted;
    protected readonly read: BodyReader = (request, response) => {
      request.body = Buffer.alloc(0);
      return readBytes(request, response);
    };
  }
  return reads(mixin(BytesBodyInterceptor), accepted);
};

/**
 * Turns a body or a query into the class its parameter is declared with, and checks it by that class's decorators.
 * What the class does not declare is dropped.
 * @throws Failed `invalid-input`, one fault a bad field, when a check fails
 */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      stopAtFirstError: true,
      exceptionFactory: (errors: ValidationError[]) => new Failed({ kind: 'invalid-input', faults: faultsOf(errors) }),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    // No body at all is an object without fields: each that is missed is named.
    if (metadata.type === 'body' && value !== undefined && !isObject)
      throw new Failed({ kind: 'malformed-body', problem: 'The body must be a JSON object.' });
    return (await super.transform(value, metadata)) as unknown;
  }
}

function faultsOf(errors: readonly ValidationError[], parent = ''): Fault[] {
  return errors.flatMap((error) => [
    ...Object.values(error.constraints ?? {})
      .slice(0, 1)
      .map((problem) => ({ field: parent + error.property, problem })),
    ...faultsOf(error.children ?? [], `${parent}${error.property}.`),
  ]);
}

/**
 * Lets a principal upload so many bodies at a time to this node, so that one client's documents do not fill its memory.
 * To be named below the decorator that reads the body, whose interceptor it then wraps.
 */
@Injectable()
export class LimitUploads implements NestInterceptor {
  private readonly underWay = new Map<string, number>();

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws Failed `unavailable` when as many are under way */
  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const { actor } = context.switchToHttp().getRequest<{ user: Principal }>().user;
    const others = this.underWay.get(actor) ?? 0;
    if (others >= this.settings.tenantLimits.uploadsPerClient)
      throw new Failed({ kind: 'unavailable', mayBeDone: false });
    this.underWay.set(actor, others + 1);
    return next.handle().pipe(
      finalize(() => {
        const left = (this.underWay.get(actor) ?? 1) - 1;
        if (left === 0) this.underWay.delete(actor);
        else this.underWay.set(actor, left);
      }),
    );
  }
}
