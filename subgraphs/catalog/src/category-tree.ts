import type { Category } from './category.entity.js';

/** Departments, groups, shelves. */
export const MAX_CATEGORY_DEPTH = 3;

/** All categories at one moment. Lists are in the order that the shop shows them in. */
export interface CategoryTree {
  roots: readonly Category[];
  byId(id: string): Category | null;
  bySlug(slug: string): Category | null;
  parentOf(category: Category): Category | null;
  childrenOf(category: Category): readonly Category[];
  /** From the root down to the category itself. */
  pathTo(category: Category): Category[];
  /** Ids of the category and of all below it. */
  idsWithin(category: Category): string[];
}

/** A category whose parent is unknown counts as a root; a circle of parents throws. */
export function categoryTree(categories: readonly Category[]): CategoryTree {
  const sorted = categories.toSorted((a, b) => a.position - b.position || (a.name < b.name ? -1 : 1));
  const byId = new Map(sorted.map((category) => [category._id, category]));
  const bySlug = new Map(sorted.map((category) => [category.slug, category]));
  const parentOf = ({ parentId }: Category) => (parentId === null ? null : (byId.get(parentId) ?? null));
  const children = Map.groupBy(sorted, (category) => parentOf(category)?._id ?? null);
  const childrenOf = (category: Category) => children.get(category._id) ?? [];

  const pathTo = (category: Category): Category[] => {
    const path = [category];
    for (let above = parentOf(category); above; above = parentOf(above)) {
      if (path.length > categories.length) throw new Error(`The category ${category.slug} is below itself.`);
      path.unshift(above);
    }
    return path;
  };
  const idsWithin = (category: Category): string[] => [category._id, ...childrenOf(category).flatMap(idsWithin)];
  sorted.forEach(pathTo);

  return {
    roots: children.get(null) ?? [],
    byId: (id) => byId.get(id) ?? null,
    bySlug: (slug) => bySlug.get(slug) ?? null,
    parentOf,
    childrenOf,
    pathTo,
    idsWithin,
  };
}
