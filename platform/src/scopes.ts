import { Directive, UseMiddleware, type MiddlewareFn } from 'type-graphql';
import { forbidden, unauthenticated } from './graphql-errors.js';
import type { RequestContext } from './request-context.js';
import { hasScope, type Viewer } from './viewer.js';

/**
 * On a resolver or field method: the viewer must hold every one of `scopes`. Prints `@requiresScopes` into the SDL, so that a gateway
 * can refuse early, and is enforced here again. Throws UNAUTHENTICATED without a credential, FORBIDDEN without the scope.
 */
export function Scopes(...scopes: string[]): MethodDecorator & PropertyDecorator {
  const print = Directive(`@requiresScopes(scopes: [[${scopes.map((scope) => `"${scope}"`).join(', ')}]])`);
  const enforce = UseMiddleware(requireScopesMiddleware(scopes));
  return (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => {
    if (descriptor) {
      print(target, key, descriptor);
      enforce(target, key, descriptor);
    } else {
      print(target, key);
      enforce(target, key);
    }
  };
}

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer holds `scope`. */
function requireScope(viewer: Viewer, scope: string): void {
  if (hasScope(viewer, scope)) return;
  throw viewer.kind === 'anonymous' || viewer.kind === 'order-token' ? unauthenticated() : forbidden(scope);
}

/** The signed-in person's id; throws UNAUTHENTICATED for everybody else. */
export function requireUserId(viewer: Viewer): string {
  if (viewer.kind !== 'user') throw unauthenticated();
  return viewer.userId;
}

function requireScopesMiddleware(scopes: string[]): MiddlewareFn<RequestContext> {
  return ({ context }, next) => {
    for (const scope of scopes) requireScope(context.viewer, scope);
    return next();
  };
}
