import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium lies: CHROMIUM_PATH, or where Debian puts it; null when there is none. */
const chromiumPath: string | null = process.env['CHROMIUM_PATH'] || (places.find((place) => existsSync(place)) ?? null);

/** True when tests of pages are to be left out; says so once. Where REQUIRE_CHROMIUM is 1 they run, and fail without one. */
export function withoutChromium(): boolean {
  if (chromiumPath !== null || process.env['REQUIRE_CHROMIUM'] === '1') return false;
  console.log('The tests of the pages are left out: there is no Chromium here (CHROMIUM_PATH says where it is).');
  return true;
}

/** A browser without a window. Throws when there is no Chromium. */
export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('No Chromium was found; CHROMIUM_PATH says where it is.');
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
