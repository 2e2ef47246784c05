import { expect, test } from 'vitest';
import { Category } from './category.entity.js';
import { categoryTree } from './category-tree.js';
import { slugOf } from './slug.js';

const category = (slug: string, parentId: string | null, position = 0) =>
  Object.assign(new Category(), { _id: slug, slug, name: slug, parentId, position });
const slugs = (categories: readonly Category[]) => categories.map(({ slug }) => slug);

test('a tree knows ways up and down, in the order of the shop', () => {
  const tree = categoryTree([
    category('dresses', 'women'),
    category('women', 'clothing'),
    category('clothing', null, 1),
    category('books', null, 0),
    category('men', 'clothing', 1),
  ]);
  const [clothing, dresses] = [tree.bySlug('clothing'), tree.byId('dresses')];
  if (!clothing || !dresses) throw new Error('both are in the tree');
  expect(slugs(tree.roots)).toEqual(['books', 'clothing']);
  expect(slugs(tree.childrenOf(clothing))).toEqual(['women', 'men']);
  expect(slugs(tree.pathTo(dresses))).toEqual(['clothing', 'women', 'dresses']);
  expect(tree.idsWithin(clothing).toSorted()).toEqual(['clothing', 'dresses', 'men', 'women']);
  expect(tree.parentOf(clothing)).toBeNull();
  expect(tree.bySlug('nowhere')).toBeNull();
});

test('a category below itself is found out', () => {
  expect(() => categoryTree([category('a', 'b'), category('b', 'a')])).toThrow('below itself');
});

test.each([
  ['Women’s Shoes & Boots', 'womens-shoes-boots'],
  ['  Café Übergröße ', 'cafe-ubergro-e'],
  ['日本', 'item'],
])('the slug of %s is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});
