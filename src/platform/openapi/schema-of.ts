/** The part of JSON Schema that examples can tell. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: string[];
  readonly items?: Schema;
}

/**
 * The schema that all these JSON values have: what every one of them has is required. Answers are documented by
 * example, so their schemas come from the examples, and the two cannot disagree.
 */
export function schemaOf(examples: readonly unknown[]): Schema {
  const [first, ...others] = examples.map(schemaOfOne);
  return others.reduce(unite, first ?? {});
}

function schemaOfOne(value: unknown): Schema {
  if (Array.isArray(value)) return { type: 'array', items: schemaOf(value) };
  if (value === null) return {};
  if (typeof value === 'object') {
    const properties = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, schemaOfOne(each)]));
    return objectSchema(properties, Object.keys(properties));
  }
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return { type: typeof value };
}

function unite(one: Schema, other: Schema): Schema {
  if (one.type !== other.type) return {};
  if (one.type === 'array') return { type: 'array', items: unite(one.items ?? {}, other.items ?? {}) };
  if (one.type !== 'object') return one;
  const properties = { ...one.properties };
  for (const [name, schema] of Object.entries(other.properties ?? {}))
    properties[name] = properties[name] === undefined ? schema : unite(properties[name], schema);
  const required = (one.required ?? []).filter((name) => other.required?.includes(name));
  return objectSchema(properties, required);
}

function objectSchema(properties: Readonly<Record<string, Schema>>, required: string[]): Schema {
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}
