import { parseArgs } from 'node:util';
import { leftToSubgraphs, type SecurityEnforcement, securityEnforcements } from './security-enforcement.js';
import { limitModes, type LimitMode } from '../limits/limits.js';

export interface AloneArguments {
  supergraph: string;
  port: number;
  host: string;
  limits: LimitMode;
  authorization: SecurityEnforcement;
}

export const usage = `Usage: npm run -s gateway -- --supergraph <file> [--port 4000] [--host 127.0.0.1] [--limits ${limitModes.join('|')}]
    [--authorization ${securityEnforcements.join('|')}]

Serves a supergraph at http://<host>:<port>/graphql, over HTTP and WebSocket; ready when /health/ready answers 200.
Its subgraphs are called at the addresses that it names. Port 0 takes a free one.
Nobody is known here: fields that @authenticated, @requiresScopes or @policy guard are null with an error (filter), or refuse the operation
(reject); "${leftToSubgraphs}" leaves them to the subgraphs, which get the Authorization header.`;

export type ParsedArguments = { kind: 'run'; given: AloneArguments } | { kind: 'wrong'; message: string } | { kind: 'help' };

/** Reads the command line. */
export function parseArguments(args: readonly string[]): ParsedArguments {
  try {
    return checked(
      parseArgs({
        args: [...args],
        options: {
          supergraph: { type: 'string' },
          port: { type: 'string', default: '4000' },
          host: { type: 'string', default: '127.0.0.1' },
          limits: { type: 'string', default: 'enforce' },
          authorization: { type: 'string', default: 'filter' },
          help: { type: 'boolean', default: false },
        },
      }).values,
    );
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

interface Values {
  supergraph?: string | undefined;
  port: string;
  host: string;
  limits: string;
  authorization: string;
  help: boolean;
}

function checked({ supergraph, port, host, limits, authorization, help }: Values): ParsedArguments {
  if (help) return { kind: 'help' };
  if (!supergraph) return wrong('Which supergraph? Name its file with --supergraph <file>.');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return wrong(`"${port}" is no port: a number up to 65535 is needed.`);
  const mode = limitModes.find((each) => each === limits);
  if (!mode) return wrong(`--limits is one of ${limitModes.join(', ')}, not "${limits}".`);
  const enforcement = securityEnforcements.find((each) => each === authorization);
  if (!enforcement) return wrong(`--authorization is one of ${securityEnforcements.join(', ')}, not "${authorization}".`);
  return { kind: 'run', given: { supergraph, port: Number(port), host, limits: mode, authorization: enforcement } };
}

function wrong(message: string): ParsedArguments {
  return { kind: 'wrong', message };
}
