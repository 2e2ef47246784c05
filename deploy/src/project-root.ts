import { fileURLToPath } from 'node:url';

/** The repository's folder, with a slash at its end; the same from `src` and from `dist`. */
export const projectRoot: string = fileURLToPath(new URL('../../', import.meta.url));
