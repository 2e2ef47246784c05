import { devices } from './shapes/devices.js';
import { leisure } from './shapes/leisure.js';
import { rooms } from './shapes/rooms.js';
import { wear } from './shapes/wear.js';

export const shapes = { ...wear, ...rooms, ...devices, ...leisure };

export type PictureKind = keyof typeof shapes;

/** The colours that products come in, as they are drawn. */
export const pictureColours: Readonly<Record<string, string>> = {
  Black: '#3a3a40',
  White: '#f1eee6',
  Navy: '#33496f',
  Sage: '#9db394',
  Terracotta: '#c9734f',
  Sand: '#d9c19a',
  Plum: '#80506f',
  Sky: '#84b3d1',
  Mustard: '#d8a83a',
  Forest: '#3f6b54',
  Charcoal: '#55585f',
  Rose: '#dc9aa4',
  Graphite: '#4c5058',
  Silver: '#b9bfc7',
  Midnight: '#2c3557',
};
