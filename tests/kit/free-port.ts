/** For a server that is stopped and started again in its place: no client connection takes a port of this range meanwhile. */
export { freePort } from '@shop/standalone/free-port';
