/** A request that the sandbox understood and will not carry out; `code` and `param` as Stripe's error object has them. */
export interface Refusal {
  kind: 'refused';
  status: 400 | 401 | 404 | 409;
  type: 'invalid_request_error' | 'idempotency_error';
  code: string | null;
  message: string;
  param: string | null;
}

/** An `invalid_request_error`; 400 unless told otherwise. */
export const refusal = (
  code: string | null,
  message: string,
  extra: Partial<Pick<Refusal, 'status' | 'param' | 'type'>> = {},
): Refusal => ({
  kind: 'refused',
  status: 400,
  type: 'invalid_request_error',
  param: null,
  ...extra,
  code,
  message,
});

/** Stripe answers 404 for an unknown id in the address and 400 for one in a parameter (docs.stripe.com/error-codes). */
export const noSuch = (what: string, id: string, param: string, status: 400 | 404): Refusal =>
  refusal('resource_missing', `No such ${what}: '${id}'`, { status, param });
