import { passesLuhn } from '@shop/platform/luhn';

/** What `a=1&b[c]=2&d[0]=3` means: nested objects of strings; lists are objects with the indexes as keys. */
export interface FormFields {
  [name: string]: string | FormFields;
}

/** A parsed body together with its text: the text is what an idempotency key is compared by. */
export class FormBody {
  constructor(
    readonly text: string,
    readonly fields: FormFields,
  ) {}
}

export class FormBodyError extends Error {
  override name = 'FormBodyError';
  readonly statusCode = 400;
}

const maxDepth = 5;

/** Parses application/x-www-form-urlencoded with bracketed names (docs.stripe.com/api). Throws FormBodyError on a malformed name. */
export function parseForm(text: string): FormFields {
  const fields: FormFields = {};
  for (const [name, value] of new URLSearchParams(text)) assign(fields, pathOf(name), value);
  return fields;
}

/** The name of the first field that holds something like a payment card number (13–19 digits that pass the Luhn check). */
export function findCardNumber(fields: FormFields, prefix = ''): string | undefined {
  for (const [key, value] of Object.entries(fields)) {
    const name = prefix === '' ? key : `${prefix}[${key}]`;
    const found = typeof value === 'string' ? (holdsCardNumber(value) ? name : undefined) : findCardNumber(value, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pathOf(name: string): string[] {
  const path = name.replaceAll(']', '').split('[');
  if (path.length > maxDepth || path[0] === '' || path.includes('__proto__')) throw new FormBodyError(`Invalid parameter name: ${name}`);
  return path;
}

function assign(fields: FormFields, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  const key = head === '' ? String(Object.keys(fields).length) : head;
  if (rest.length === 0) {
    fields[key] = value;
    return;
  }
  // An inherited name such as `constructor` is not something that was sent.
  const inner = (Object.hasOwn(fields, key) ? fields[key] : undefined) ?? {};
  if (typeof inner === 'string') throw new FormBodyError(`Parameter ${key} is both a value and an object`);
  fields[key] = inner;
  assign(inner, rest, value);
}

// Whole words only and a first digit of the payment networks: a UUID, a trace id or a time in milliseconds is no card.
const cardLike = /(?<![\w+-])[2-6](?:[ -]?\d){12,18}(?![\w-])/g;

const holdsCardNumber = (value: string): boolean => (value.match(cardLike) ?? []).some((found) => passesLuhn(found.replace(/\D/g, '')));
