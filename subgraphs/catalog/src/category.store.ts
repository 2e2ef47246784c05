import { UniqueConstraintViolationException, type EntityManager } from '@mikro-orm/core';
import { inProcessCache } from '@shop/platform/cache';
import { newId } from '@shop/platform/ids';
import { Category } from './category.entity.js';
import { categoryTree, type CategoryTree } from './category-tree.js';
import { slugOf } from './slug.js';

/** The category tree, small enough to be kept whole in every process. */
export interface Categories {
  /** May be older than `categoryCacheMs` only while the store is read anew. */
  tree(): Promise<CategoryTree>;
  /** As it is in the store now. */
  freshTree(): Promise<CategoryTree>;
  /** The category at the end of a path of names from the root, made with all above it where missing. Repeatable. */
  ensurePath(names: readonly string[]): Promise<Category>;
}

/** A new unit of work of the ORM: categories are few, and the same in every store. */
export type NewUnit = () => EntityManager;

const KEY = 'categories';

export function categoriesOf(newUnit: NewUnit, cacheMs: number): Categories {
  const cache = inProcessCache(1);
  const load = async () => categoryTree(await newUnit().find(Category, {}, { limit: 10_000 }));
  const tree = () => cache.fetch(KEY, cacheMs, load);
  const freshTree = async () => {
    await cache.invalidate(KEY);
    return tree();
  };
  const ensurePath = async (names: readonly string[]): Promise<Category> => {
    const known = findByNames(await tree(), names);
    if (known) return known;
    for (let tries = 1; ; tries++) {
      try {
        return await createPath(newUnit, await freshTree(), names);
      } catch (error) {
        if (!(error instanceof UniqueConstraintViolationException) || tries > 3) throw error;
      } finally {
        await cache.invalidate(KEY);
      }
    }
  };
  return { tree, freshTree, ensurePath };
}

function findByNames(tree: CategoryTree, names: readonly string[]): Category | null {
  let siblings = tree.roots;
  let found: Category | null = null;
  for (const name of names) {
    found = siblings.find((category) => category.name.toLowerCase() === name.toLowerCase()) ?? null;
    if (!found) return null;
    siblings = tree.childrenOf(found);
  }
  return found;
}

/** The slug is unique over the whole tree, so that two writers cannot both make the same category. */
async function createPath(newUnit: NewUnit, tree: CategoryTree, names: readonly string[]): Promise<Category> {
  const em = newUnit();
  let parent: Category | null = null;
  for (const [depth, name] of names.entries()) {
    const known = findByNames(tree, names.slice(0, depth + 1));
    if (known) {
      parent = known;
      continue;
    }
    const category: Category = Object.assign(new Category(), newCategory(tree, name, parent));
    await em.insert(Category, category);
    parent = category;
  }
  if (!parent) throw new RangeError('A path of categories has at least one name.');
  return parent;
}

function newCategory(tree: CategoryTree, name: string, parent: Category | null): Category {
  const siblings = parent ? tree.childrenOf(parent) : tree.roots;
  const short = slugOf(name);
  const slug = tree.bySlug(short) ? [parent?.slug, short, parent ? null : '2'].filter(Boolean).join('-') : short;
  return { _id: newId(), slug, name, parentId: parent?._id ?? null, position: siblings.length };
}
