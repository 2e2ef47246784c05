import { forgetDeadLetter, deadLetters, type DeadLetter } from '@shop/platform/dead-letter';
import { againBy, redriveService } from './again.js';
import { commandOf, usage, type Selection } from './command.js';
import { readEventsConfig, type EventsSettings } from './config.js';
import { isPostgres, Refused, serviceDatabases, type ServiceDatabases } from './service-databases.js';
import type { Service } from './services.js';

/** Where the command writes: what was asked for, and what went wrong. */
export interface Voice {
  say(line: string): void;
  complain(line: string): void;
}

/** Carries out `npm run events -- …`. Returns the exit code: 0, 1 when something could not be done, 2 for a command that nobody understands. */
export async function runEvents(args: readonly string[], environment: NodeJS.ProcessEnv | undefined, voice: Voice): Promise<number> {
  const command = commandOf(args, new Date());
  if (command.kind === 'unknown') {
    voice.complain(`${command.why}\n\n${usage}`);
    return 2;
  }
  const settings = readEventsConfig(environment);
  await using databases = serviceDatabases(settings);
  try {
    switch (command.kind) {
      case 'list':
        return await list(command, databases, voice);
      case 'replay':
        return await replay(command, settings, databases, voice);
      case 'discard':
        return await discard(command, databases, voice);
      case 'redrive':
        return await redrive(command, databases, voice);
      default:
        throw new Error(`unknown command ${String(command satisfies never)}`);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    voice.complain(error.message);
    return 1;
  }
}

interface Letter {
  service: Service;
  parked: DeadLetter;
}

async function list(selection: Selection, databases: ServiceDatabases, { say }: Voice): Promise<number> {
  const letters = await lettersOf(selection, databases);
  if (letters.length === 0) say('No dead letters.');
  for (const [error, group] of Map.groupBy(letters, fingerprint)) {
    say(`${group.length} x ${error}`);
    for (const { parked } of group) say(`  ${lineOf(parked)}`);
  }
  return 0;
}

async function replay(selection: Selection, settings: EventsSettings, databases: ServiceDatabases, voice: Voice): Promise<number> {
  const letters = await chosenLetters(selection, databases);
  await using again = againBy(settings.natsUrl, databases);
  for (const { service, parked } of letters) {
    await again.send(parked.event);
    const isForgotten = await forgetDeadLetter(await databases.of(service), parked);
    voice.say(`${isForgotten ? 'sent again' : 'sent again, and put aside again already'}: ${lineOf(parked)}`);
  }
  voice.say(`${letters.length} sent again. What fails once more is listed again after its six deliveries.`);
  return 0;
}

async function discard(selection: Selection, databases: ServiceDatabases, { say }: Voice): Promise<number> {
  const letters = await chosenLetters(selection, databases);
  for (const { service, parked } of letters) {
    const isForgotten = await forgetDeadLetter(await databases.of(service), parked);
    say(`${isForgotten ? 'discarded' : 'not discarded, it was put aside again just now'}: ${lineOf(parked)}`);
  }
  return 0;
}

async function redrive(
  command: { since: Date; services: readonly Service[] },
  databases: ServiceDatabases,
  { say }: Voice,
): Promise<number> {
  for (const service of command.services) {
    const count = await redriveService(service, command.since, databases);
    say(`${service}: ${count} events since ${command.since.toISOString()} are sent again`);
  }
  return 0;
}

async function lettersOf({ services, type, ids }: Selection, databases: ServiceDatabases): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (const service of services) {
    // The catalog on MongoDB: it consumes nothing.
    if (!isPostgres(await databases.urlOf(service))) continue;
    for (const parked of await deadLetters(await databases.of(service))) {
      if (type !== null && parked.event.type !== type) continue;
      if (ids === null || ids.includes(parked.event.id)) letters.push({ service, parked });
    }
  }
  return letters;
}

/** Throws `Refused` when one of the events that were named is no dead letter: nothing is done then. */
async function chosenLetters(selection: Selection, databases: ServiceDatabases): Promise<Letter[]> {
  const letters = await lettersOf(selection, databases);
  const missing = (selection.ids ?? []).filter((id) => !letters.some(({ parked }) => parked.event.id === id));
  if (missing.length > 0) throw new Refused(`No such dead letter: ${missing.join(', ')}`);
  return letters;
}

/** The same fault in many events is one group: ids and numbers don't count. */
function fingerprint({ service, parked }: Letter): string {
  const error = parked.error.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>').replaceAll(/\d+/g, '<n>');
  return `${service} (consumer ${parked.consumer}): ${error.split('\n')[0]?.slice(0, 160)}`;
}

function lineOf({ event, attempts, lastAt }: DeadLetter): string {
  return `${event.id}  ${event.type}  ${event.aggregateId}  ${attempts} attempts, last ${lastAt.toISOString()}`;
}
