import { SERVICES, type Service } from './services.js';

export const usage = `npm run events -- dead list    [--service NAME] [--type TYPE]
npm run events -- dead replay  EVENT_ID... | --all [--service NAME] [--type TYPE]
npm run events -- dead discard EVENT_ID... | --all [--service NAME] [--type TYPE]
npm run events -- redrive --since ISO_TIME [--service NAME]

Services: ${SERVICES.join(', ')}. --service may come several times; dead letters belong to the service that could not handle them,
a redrive sends again what a service has sent.`;

export interface Selection {
  services: readonly Service[];
  /** Null: of all types. */
  type: string | null;
  /** Null: all of them. */
  ids: readonly string[] | null;
}

export type Command =
  | ({ kind: 'list' | 'replay' | 'discard' } & Selection)
  | { kind: 'redrive'; since: Date; services: readonly Service[] }
  | { kind: 'unknown'; why: string };

/** Events stay in the outboxes for 7 days; what is older and still there may have been forgotten by its consumers. */
const REDRIVE_DAYS = 7;

/** Reads the arguments of `npm run events`. */
export function commandOf(args: readonly string[], now: Date): Command {
  const parsed = parse(args);
  if (typeof parsed === 'string') return { kind: 'unknown', why: parsed };
  const { words, options, isAll } = parsed;
  const services = servicesOf(options.get('--service') ?? []);
  if (typeof services === 'string') return { kind: 'unknown', why: services };
  const [first, second, ...ids] = words;
  if (first === 'redrive') return redrive(words.slice(1), options, services, now);
  if (first !== 'dead') return { kind: 'unknown', why: first === undefined ? 'No command is given.' : `Unknown command ${first}.` };
  if (options.has('--since')) return { kind: 'unknown', why: '--since belongs to redrive.' };
  const type = options.get('--type')?.at(-1) ?? null;
  if (second === 'list') {
    return ids.length > 0 || isAll ? { kind: 'unknown', why: 'dead list takes no events.' } : { kind: 'list', services, type, ids: null };
  }
  if (second !== 'replay' && second !== 'discard') return { kind: 'unknown', why: `Unknown command dead ${second ?? ''}.` };
  if (isAll === ids.length > 0) return { kind: 'unknown', why: `dead ${second} takes either the ids of events or --all.` };
  return { kind: second, services, type, ids: isAll ? null : ids };
}

function redrive(words: readonly string[], options: Options, services: readonly Service[], now: Date): Command {
  const text = options.get('--since')?.at(-1);
  if (words.length > 0 || options.has('--type')) return { kind: 'unknown', why: 'redrive takes --since and --service only.' };
  if (text === undefined) return { kind: 'unknown', why: 'redrive needs --since.' };
  const since = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(since.getTime())) {
    return { kind: 'unknown', why: `--since is a time like ${now.toISOString()}, not ${text}.` };
  }
  if (since > now) return { kind: 'unknown', why: '--since lies in the future.' };
  if (now.getTime() - since.getTime() > REDRIVE_DAYS * 24 * 60 * 60_000) {
    return { kind: 'unknown', why: `--since lies more than ${REDRIVE_DAYS} days back; consumers may not know such old events any more.` };
  }
  return { kind: 'redrive', since, services };
}

type Options = ReadonlyMap<string, readonly string[]>;

function parse(args: readonly string[]): { words: string[]; options: Options; isAll: boolean } | string {
  const words: string[] = [];
  const options = new Map<string, string[]>();
  let isAll = false;
  for (let place = 0; place < args.length; place++) {
    const arg = args[place] ?? '';
    if (!arg.startsWith('--')) words.push(arg);
    else if (arg === '--all') isAll = true;
    else if (!['--service', '--type', '--since'].includes(arg)) return `Unknown option ${arg}.`;
    else {
      const value = args[++place];
      if (value === undefined || value.startsWith('--')) return `${arg} needs a value.`;
      options.set(arg, [...(options.get(arg) ?? []), value]);
    }
  }
  return { words, options, isAll };
}

function servicesOf(names: readonly string[]): readonly Service[] | string {
  const unknown = names.find((name) => !SERVICES.some((service) => service === name));
  if (unknown !== undefined) return `Unknown service ${unknown}.`;
  return names.length === 0 ? SERVICES : SERVICES.filter((service) => names.includes(service));
}
