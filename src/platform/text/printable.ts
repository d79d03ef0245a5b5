const printable = /^[^\p{Cc}\p{Cs}]+$/u;

/**
 * Whether this is text of 1 to `maxLength` characters without control characters and lone surrogates: PostgreSQL keeps
 * no NUL and no lone surrogate, and no name has any of the others.
 */
export function isPrintable(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length <= maxLength && printable.test(value);
}
