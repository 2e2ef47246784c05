import { listsContract } from './lists.contract.js';
import { publishingContract } from './publishing.contract.js';
import { referencesContract } from './references.contract.js';
import { usePlaces, type CatalogPlaces } from './harness.js';
import { writingContract } from './writing.contract.js';
import { describe } from 'vitest';

/** What the catalog promises on whichever store, asked through its GraphQL. */
export function catalogStoreContract(places: CatalogPlaces): void {
  usePlaces(places);
  describe('lists', listsContract);
  describe('publishing', publishingContract);
  describe('references', referencesContract);
  describe('writing', writingContract);
}
