// `npm run -s gateway -- --supergraph <file> --port <n> [--limits off]`
import { readFile } from 'node:fs/promises';
import { untilSignal } from '@shop/platform/lifecycle';
import { parseArguments, usage, type AloneArguments } from './arguments.js';
import { keepMemoryYoung } from '../young-memory.js';
import { serveSupergraph } from './serve-supergraph.js';

/** What was given cannot be served; nothing is wrong here. */
const WRONG_USE = 2;

keepMemoryYoung();
const parsed = parseArguments(process.argv.slice(2));
switch (parsed.kind) {
  case 'help':
    console.log(usage);
    break;
  case 'wrong':
    refuse(`${parsed.message}\n\n${usage}`);
    break;
  case 'run':
    await run(parsed.given).catch((error: unknown) => refuse(reasonOf(error)));
    break;
  default:
    throw new Error(`Unknown ${String(parsed satisfies never)}`);
}

async function run({ supergraph, port, host, limits, authorization }: AloneArguments): Promise<void> {
  const supergraphSdl = await readFile(supergraph, 'utf8').catch((error: unknown) => {
    throw new Error(`The supergraph ${supergraph} cannot be read: ${reasonOf(error)}`);
  });
  await using doors = await serveSupergraph({ supergraphSdl, supergraphFile: supergraph, limits, authorization }).catch(
    (error: unknown) => {
      throw new Error(`The supergraph ${supergraph} cannot be served: ${reasonOf(error)}`);
    },
  );
  const actual = await doors.listen(port, host).catch((error: unknown) => {
    throw new Error(`Port ${port} cannot be listened on: ${reasonOf(error)}`);
  });
  const at = host.includes(':') ? `[${host}]` : host;
  console.log(`${supergraph} is served at http://${at}:${actual}/graphql`);
  await untilSignal();
}

function refuse(message: string): void {
  console.error(message);
  process.exitCode = WRONG_USE;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
