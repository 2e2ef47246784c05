import { rateLimitedError, type RateLimitedError, type ValidationError } from '@shop/platform/user-errors';
import { GraphQLEmailAddress, GraphQLLocale } from 'graphql-scalars';
import { Arg, Ctx, Field, InputType, Mutation, Resolver } from 'type-graphql';
import {
  emailTakenError,
  RefreshSessionResult,
  RegisterUserResult,
  sessionOverError,
  SignInResult,
  tokenReusedError,
  wrongPasswordError,
  type AuthSession,
  type EmailTakenError,
  type InvalidCredentialsError,
  type TokenReusedError,
} from './auth-results.js';
import { authSession } from './auth-session.js';
import type { UsersContext } from './context.js';
import { refreshSession, signOut } from './refresh-session.js';
import { registerUser } from './registration.js';
import { signIn } from './sign-in.js';

@InputType()
export class RegisterUserInput {
  @Field(() => GraphQLEmailAddress)
  email!: string;

  @Field(() => String, { description: '10 to 200 characters.' })
  password!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => GraphQLLocale, { nullable: true, description: 'The language of e-mails; en when left out.' })
  locale?: string | null;
}

@Resolver()
export class SessionResolver {
  @Mutation(() => RegisterUserResult, { description: 'Makes an account and signs in.' })
  async registerUser(
    @Arg('input', () => RegisterUserInput) input: RegisterUserInput,
    @Ctx() context: UsersContext,
  ): Promise<AuthSession | EmailTakenError | ValidationError | RateLimitedError> {
    const outcome = await registerUser(context, input, context);
    switch (outcome.kind) {
      case 'registered':
        return await authSession(context, outcome.user, outcome.session);
      case 'email-taken':
        return emailTakenError();
      case 'invalid':
        return outcome.error;
      case 'rate-limited':
        return rateLimitedError(outcome.retryAfterSeconds);
      default:
        return outcome satisfies never;
    }
  }

  @Mutation(() => SignInResult)
  async signIn(
    @Arg('email', () => GraphQLEmailAddress) email: string,
    @Arg('password', () => String) password: string,
    @Ctx() context: UsersContext,
  ): Promise<AuthSession | InvalidCredentialsError | RateLimitedError> {
    const outcome = await signIn(context, { email, password }, context);
    switch (outcome.kind) {
      case 'signed-in':
        return await authSession(context, outcome.user, outcome.session);
      case 'invalid-credentials':
        return wrongPasswordError();
      case 'rate-limited':
        return rateLimitedError(outcome.retryAfterSeconds);
      default:
        return outcome satisfies never;
    }
  }

  @Mutation(() => RefreshSessionResult, { description: 'Exchanges a refresh token for a new pair of tokens.' })
  async refreshSession(
    @Arg('refreshToken', () => String) refreshToken: string,
    @Ctx() context: UsersContext,
  ): Promise<AuthSession | InvalidCredentialsError | TokenReusedError> {
    const outcome = await refreshSession(context, refreshToken, context);
    switch (outcome.kind) {
      case 'refreshed':
        return await authSession(context, outcome.user, outcome.session);
      case 'refused':
        return sessionOverError();
      case 'reused':
        return tokenReusedError();
      default:
        return outcome satisfies never;
    }
  }

  @Mutation(() => Boolean, { description: 'Ends the current session; false when there was none.' })
  async signOut(@Ctx() context: UsersContext): Promise<boolean> {
    return await signOut(context, context);
  }
}
