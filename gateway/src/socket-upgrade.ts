import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

export interface UpgradeRules {
  /** Browser origins beside our own. */
  origins: readonly string[];
  trustProxy: boolean;
}

/**
 * Browsers send an Origin with every WebSocket, and no preflight protects it. Programs that are no browser send none, and could send any.
 */
export function isAllowedOrigin({ headers }: IncomingMessage, { origins, trustProxy }: UpgradeRules): boolean {
  const { origin } = headers;
  if (origin === undefined || origins.includes(origin)) return true;
  const host = (trustProxy ? firstOf(headers['x-forwarded-host']) : undefined) ?? headers.host;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** The client's address; from X-Forwarded-For only behind a proxy of our own. */
export function addressOf({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  return (trustProxy ? firstOf(headers['x-forwarded-for']) : undefined) ?? socket.remoteAddress ?? '';
}

export function refuseUpgrade(socket: Duplex, status: '403 Forbidden' | '429 Too Many Requests' | '503 Service Unavailable'): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function firstOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join() : header;
  return text?.split(',')[0]?.trim();
}
