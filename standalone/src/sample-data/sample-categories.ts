import type { SeedCategory } from '@shop/catalog/seed';
import { beauty } from './departments/beauty.js';
import { books } from './departments/books.js';
import { clothing } from './departments/clothing.js';
import { electronics } from './departments/electronics.js';
import { garden } from './departments/garden.js';
import { homeAndKitchen } from './departments/home-and-kitchen.js';
import { outdoor } from './departments/outdoor.js';
import { shoes } from './departments/shoes.js';
import { toys } from './departments/toys.js';
import type { Department, Group, Shelf } from './department.js';
import { uuidOf } from './random.js';
import { wordsOf } from './words.js';

/** One shelf with everything above it. */
export interface Place {
  department: Department;
  group: Group;
  shelf: Shelf;
  categoryId: string;
}

const departments = [clothing, shoes, homeAndKitchen, electronics, outdoor, books, toys, beauty, garden];

/** The tree, parents first, and its lowest level with what is sold there. */
export function sampleCategories(): { categories: SeedCategory[]; places: Place[] } {
  const categories: SeedCategory[] = [];
  const add = (name: string, parent: SeedCategory | null, position: number): SeedCategory => {
    const short = wordsOf(name);
    const slug = categories.some((category) => category.slug === short) ? `${parent?.slug}-${short}` : short;
    const category = { id: uuidOf(`category ${slug}`), slug, name, parentId: parent?.id ?? null, position };
    categories.push(category);
    return category;
  };
  const places = departments.flatMap((department, d) => {
    const top = add(department.name, null, d);
    return department.groups.flatMap((group, g) => {
      const middle = add(group.name, top, g);
      return group.shelves.map((shelf, s): Place => ({ department, group, shelf, categoryId: add(shelf.name, middle, s).id }));
    });
  });
  return { categories, places };
}
