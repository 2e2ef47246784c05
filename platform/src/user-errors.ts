import 'reflect-metadata';
import { Directive, Field, Int, InterfaceType, ObjectType } from 'type-graphql';

/** Expected outcomes that went another way than asked: members of a mutation's result union, never entries of `errors`. */
@InterfaceType({ autoRegisterImplementations: false })
export abstract class UserError {
  @Field(() => String, { description: 'Stable, machine-readable, SCREAMING_SNAKE_CASE.' })
  code!: string;

  @Field(() => String, { description: 'For a developer or a person; may change.' })
  message!: string;
}

@Directive('@shareable')
@ObjectType()
export class FieldProblem {
  @Field(() => [String])
  path!: string[];

  @Field(() => String)
  message!: string;
}

@Directive('@shareable')
@ObjectType({ implements: UserError })
export class ValidationError extends UserError {
  @Field(() => [FieldProblem], { description: 'One entry an offending input field, its path from the input object.' })
  fields!: FieldProblem[];
}

@Directive('@shareable')
@ObjectType({ implements: UserError })
export class NotFoundError extends UserError {}

@Directive('@shareable')
@ObjectType({ implements: UserError, description: 'The entity has moved on since the version that the caller read.' })
export class ConflictError extends UserError {
  @Field(() => Int)
  currentVersion!: number;
}

@Directive('@shareable')
@ObjectType({
  implements: UserError,
  description: 'The same idempotency key was used before with another request body, or is being processed right now.',
})
export class IdempotencyConflictError extends UserError {
  @Field(() => Boolean)
  retryable!: boolean;
}

@Directive('@shareable')
@ObjectType({ implements: UserError })
export class RateLimitedError extends UserError {
  @Field(() => Int)
  retryAfterSeconds!: number;
}

@Directive('@shareable')
@ObjectType({ implements: UserError, description: 'The state machine does not allow this step from here.' })
export class IllegalTransitionError extends UserError {
  @Field(() => String)
  from!: string;

  @Field(() => String)
  to!: string;

  @Field(() => [String])
  allowed!: string[];
}

/** For `createUnionType`: a member is recognised by its class, which therefore has the name of its GraphQL type. */
export function resolveUnionType(value: object): string {
  return value.constructor.name;
}

/** Makes a member of a result union that `resolveUnionType` recognises. `message` is for people, the class is for programs. */
export function userError<T extends object>(type: new () => T, fields: Omit<T, never>): T {
  return Object.assign(new type(), fields);
}

/** Fields of the input that are not as they must be; `path` from the input downwards. */
export function validationError(fields: { path: string[]; message: string }[]): ValidationError {
  return userError(ValidationError, {
    code: 'VALIDATION_FAILED',
    message: fields.map((f) => `${f.path.join('.')}: ${f.message}`).join('; '),
    fields,
  });
}

/** What is not there, or is somebody else's: the two are told alike. `what` begins the sentence. */
export function notFoundError(what: string): NotFoundError {
  return userError(NotFoundError, { code: 'NOT_FOUND', message: `${what} not found.` });
}

/** Somebody else was faster; `currentVersion` is what to expect next time. */
export function conflictError(what: string, currentVersion: number): ConflictError {
  return userError(ConflictError, { code: 'CONFLICT', message: `${what} has changed in the meantime; read it again.`, currentVersion });
}

/** `retryable`: the first request with this key is still under way. Else the key belongs to another request, and is refused for good. */
export function idempotencyConflictError(retryable: boolean): IdempotencyConflictError {
  const message = retryable
    ? 'The same request is being processed right now.'
    : 'This idempotency key was used before with another request.';
  return userError(IdempotencyConflictError, { code: 'IDEMPOTENCY_CONFLICT', message, retryable });
}

/** Nothing was done. */
export function rateLimitedError(retryAfterSeconds: number): RateLimitedError {
  return userError(RateLimitedError, {
    code: 'RATE_LIMITED',
    message: `Too many attempts; try again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  });
}

/** `allowed`: where it could go from `from`. */
export function illegalTransitionError(from: string, to: string, allowed: string[]): IllegalTransitionError {
  return userError(IllegalTransitionError, {
    code: 'ILLEGAL_TRANSITION',
    message: `Not possible from ${from} to ${to}.`,
    from,
    to,
    allowed,
  });
}
