/** Brings the list of mails up to date while somebody looks at it. */
'use strict';

const everyMs = 2_000;

async function refresh() {
  const answer = await fetch('/mailbox', { cache: 'no-store', signal: AbortSignal.timeout(5_000) });
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#mails');
  const shown = document.querySelector('#mails');
  if (fresh && shown && fresh.innerHTML !== shown.innerHTML) shown.replaceWith(document.adoptNode(fresh));
}

function keepFreshSoon() {
  setTimeout(() => void keepFresh(), everyMs);
}

async function keepFresh() {
  if (!document.hidden) await refresh().catch(() => undefined);
  keepFreshSoon();
}

keepFreshSoon();
