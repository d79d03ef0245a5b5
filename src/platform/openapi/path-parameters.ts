import { type OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];

/**
 * An operation's parameters with exactly those path parameters that its path has. A handler with several addresses
 * declares its parameters once, and a guard reads some that no handler declares.
 */
export function parametersOf(path: string, { parameters = [] }: Pick<Operation, 'parameters'>): Parameter[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const isInPath = (parameter: Parameter, name?: string) =>
    'in' in parameter && parameter.in === 'path' && (name === undefined || parameter.name === name);
  const inPath = names.map(
    (name): Parameter =>
      parameters.find((each) => isInPath(each, name)) ?? {
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      },
  );
  return [...inPath, ...parameters.filter((each) => !isInPath(each))];
}
