/* global YogaGraphiQL, graphqlWs */
/** Starts GraphiQL with the tabs of the page. Headers of a tab go with its subscription too, as parameters of the connection. */
'use strict';

const workers = { editorWorkerService: 'editor', json: 'json', graphql: 'graphql' };
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => `/graphiql/${workers[label] ?? 'editor'}.worker.js` };

async function ask(operation, headers) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json, application/json', ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(operation),
  });
  return answer.json();
}

async function* follow(operation, headers) {
  const url = `${location.origin.replace(/^http/, 'ws')}/graphql`;
  const client = graphqlWs.createClient({ url, connectionParams: headers ?? {}, retryAttempts: 0 });
  try {
    yield* client.iterate(operation);
  } catch (reason) {
    yield {
      errors: Array.isArray(reason)
        ? reason
        : [{ message: `The connection was closed: ${reason?.reason || reason?.code || 'unreachable'}` }],
    };
  } finally {
    void client.dispose();
  }
}

function isSubscription({ operationName }, documentAST) {
  return (documentAST?.definitions ?? []).some(
    ({ operation, name }) => operation === 'subscription' && (!operationName || name?.value === operationName),
  );
}

function start() {
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    title: 'Shop',
    defaultTabs: JSON.parse(document.querySelector('#tabs').textContent),
    fetcher: (operation, { headers, documentAST } = {}) =>
      isSubscription(operation, documentAST) ? follow(operation, headers) : ask(operation, headers),
  });
}

const app = document.createElement('script');
app.src = '/graphiql/app.js';
app.addEventListener('load', start);
document.head.append(app);
