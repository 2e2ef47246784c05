import { describe, expect, it } from 'vitest';
import { commandOf } from './command.js';
import { SERVICES } from './services.js';

const now = new Date('2026-11-23T12:00:00Z');
const command = (line: string) =>
  commandOf(
    line.split(' ').filter((word) => word !== ''),
    now,
  );

describe('npm run events', () => {
  it.each([
    ['dead list', { kind: 'list', services: SERVICES, type: null, ids: null }],
    ['dead list --service cart --service orders', { kind: 'list', services: ['cart', 'orders'], type: null, ids: null }],
    ['dead replay a b --type x.y.v1', { kind: 'replay', services: SERVICES, type: 'x.y.v1', ids: ['a', 'b'] }],
    ['dead discard --all --service users', { kind: 'discard', services: ['users'], type: null, ids: null }],
    ['redrive --since 2026-11-23T10:00:00Z', { kind: 'redrive', services: SERVICES, since: new Date('2026-11-23T10:00:00Z') }],
  ])('understands %s', (line, expected) => {
    expect(command(line)).toEqual(expected);
  });

  it.each([
    ['', 'No command is given.'],
    ['list', 'Unknown command list.'],
    ['dead', 'Unknown command dead .'],
    ['dead bury', 'Unknown command dead bury.'],
    ['dead list a', 'dead list takes no events.'],
    ['dead replay', 'dead replay takes either the ids of events or --all.'],
    ['dead discard a --all', 'dead discard takes either the ids of events or --all.'],
    ['dead list --service search', 'Unknown service search.'],
    ['dead list --service', '--service needs a value.'],
    ['dead list --force', 'Unknown option --force.'],
    ['dead list --since 2026-11-23T10:00:00Z', '--since belongs to redrive.'],
    ['redrive', 'redrive needs --since.'],
    ['redrive --since yesterday', '--since is a time like 2026-11-23T12:00:00.000Z, not yesterday.'],
    ['redrive --since 2026-11-24T10:00:00Z', '--since lies in the future.'],
    ['redrive --since 2026-11-01T10:00:00Z', '--since lies more than 7 days back; consumers may not know such old events any more.'],
    ['redrive now --since 2026-11-23T10:00:00Z', 'redrive takes --since and --service only.'],
  ])('refuses "%s": %s', (line, why) => {
    expect(command(line)).toEqual({ kind: 'unknown', why });
  });
});
