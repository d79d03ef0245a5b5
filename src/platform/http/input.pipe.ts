import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import { type ValidationError } from 'class-validator';
import { Failed, type Fault } from '../envelope/failure';

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
