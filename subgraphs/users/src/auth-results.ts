import { RateLimitedError, resolveUnionType, userError, UserError, ValidationError } from '@shop/platform/user-errors';
import { createUnionType, Field, ObjectType } from 'type-graphql';
import { User } from './user.entity.js';

@ObjectType()
export class AuthSession {
  @Field(() => String)
  accessToken!: string;

  @Field(() => Date)
  accessTokenExpiresAt!: Date;

  @Field(() => String, { description: 'Rotates at every use; a second use of an old one ends the whole family of sessions.' })
  refreshToken!: string;

  @Field(() => User)
  user!: User;
}

@ObjectType({ implements: UserError })
export class EmailTakenError extends UserError {}

@ObjectType({ implements: UserError })
export class InvalidCredentialsError extends UserError {}

@ObjectType({ implements: UserError })
export class TokenReusedError extends UserError {}

const resolveType = resolveUnionType;

export const RegisterUserResult = createUnionType({
  name: 'RegisterUserResult',
  types: () => [AuthSession, EmailTakenError, ValidationError, RateLimitedError] as const,
  resolveType,
});

export const SignInResult = createUnionType({
  name: 'SignInResult',
  types: () => [AuthSession, InvalidCredentialsError, RateLimitedError] as const,
  resolveType,
});

export const RefreshSessionResult = createUnionType({
  name: 'RefreshSessionResult',
  types: () => [AuthSession, InvalidCredentialsError, TokenReusedError] as const,
  resolveType,
});

export function emailTakenError(): EmailTakenError {
  return userError(EmailTakenError, { code: 'EMAIL_TAKEN', message: 'There is an account with this e-mail address already.' });
}

/** One answer for an unknown address and for a wrong password. */
export function wrongPasswordError(): InvalidCredentialsError {
  return userError(InvalidCredentialsError, { code: 'INVALID_CREDENTIALS', message: 'E-mail address or password is wrong.' });
}

export function sessionOverError(): InvalidCredentialsError {
  return userError(InvalidCredentialsError, { code: 'INVALID_CREDENTIALS', message: 'This session is over; sign in again.' });
}

export function tokenReusedError(): TokenReusedError {
  return userError(TokenReusedError, {
    code: 'TOKEN_REUSED',
    message: 'This refresh token was used before, so its session has ended; sign in again.',
  });
}
