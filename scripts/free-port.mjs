// Prints a port of 127.0.0.1 on which nothing listens just now. After `npm run build`.
import { freePort } from '@shop/standalone/free-port';

console.log(await freePort());
