import { colours, type Department } from '../department.js';

const metal = { Material: ['cast iron', 'stainless steel', 'copper', 'carbon steel'] };
const clay = { Material: ['stoneware', 'porcelain', 'glazed earthenware', 'bone china'] };
const wood = { Material: ['solid oak', 'walnut veneer', 'birch plywood', 'beech', 'bamboo'] };
const cloth = { Material: ['washed linen', 'organic cotton', 'cotton percale', 'cotton sateen', 'wool'] };
const coloured = { Colour: colours };

export const homeAndKitchen: Department = {
  name: 'Home & Kitchen',
  brands: ['Hearth & Halm', 'Kupferkiste', 'Nordsäter', 'Ember Kiln', 'Studio Ravel', 'Lindqvist & Daughters', 'Tavola Verde'],
  series: [
    'Alder',
    'Birka',
    'Cinder',
    'Dune',
    'Ebba',
    'Fold',
    'Grove',
    'Hygge',
    'Inlet',
    'Kiln',
    'Loft',
    'Mira',
    'Nook',
    'Ochre',
    'Pebble',
    'Slate',
  ],
  taxClass: 'STANDARD',
  facts: { 'Made in': ['Germany', 'Sweden', 'Portugal', 'Czechia'], Guarantee: ['2 years', '5 years', '10 years'] },
  openings: [
    'The {series} {thing} {is} made of {fact} and meant to be used every day.',
    '{a thing} in {fact}, plain and well made.',
    '{brand} designed {this} {thing} around {fact}, which ages well.',
    'Small kitchens and large tables alike get along with {this} {thing} in {fact}.',
  ],
  details: [
    'It feels heavier than it looks.',
    'Edges are rounded and pleasant to the touch.',
    'Parts that wear can be ordered one by one.',
    'It arrives in a cardboard box without plastic.',
    'It goes with the rest of the series, old and new.',
  ],
  closings: [
    'Clean it with a damp cloth.',
    'A good present for a first flat.',
    'Small differences in colour belong to the material.',
    'Easy to store, easy to move.',
  ],
  groups: [
    {
      name: 'Cooking',
      facts: metal,
      shelves: [
        {
          name: 'Pots & Pans',
          things: ['Frying Pan', 'Casserole', 'Saucepan', 'Grill Pan', 'Wok'],
          picture: 'pan',
          euros: [29, 199],
          grams: [900, 5200],
          options: { Diameter: ['20 cm', '24 cm', '28 cm', '30 cm'] },
        },
        {
          name: 'Knives',
          things: ['Chef’s Knife', 'Bread Knife', 'Paring Knife', 'Santoku'],
          picture: 'knife',
          euros: [19, 159],
          grams: [80, 300],
          options: { Blade: ['9 cm', '16 cm', '20 cm'] },
        },
        {
          name: 'Baking',
          things: ['Loaf Tin', 'Springform', 'Baking Sheet', 'Tart Tin'],
          picture: 'pan',
          euros: [12, 49],
          grams: [300, 1200],
          options: { Size: ['Small', 'Medium', 'Large'] },
        },
        {
          name: 'Kitchen Tools',
          things: ['Whisk', 'Ladle', 'Grater', 'Peeler', 'Salad Spinner'],
          picture: 'utensil',
          euros: [6, 39],
          grams: [60, 700],
          options: coloured,
        },
      ],
    },
    {
      name: 'Tableware',
      facts: clay,
      options: coloured,
      shelves: [
        {
          name: 'Plates & Bowls',
          things: ['Dinner Plate', 'Soup Bowl', 'Serving Bowl', 'Breakfast Plate'],
          picture: 'plate',
          euros: [9, 49],
          grams: [300, 1300],
        },
        {
          name: 'Mugs & Cups',
          things: ['Mug', 'Espresso Cup', 'Tea Bowl', 'Cappuccino Cup'],
          picture: 'mug',
          euros: [8, 32],
          grams: [150, 450],
        },
        {
          name: 'Glasses',
          things: ['Tumbler', 'Wine Glass', 'Carafe', 'Water Glass'],
          picture: 'glass',
          euros: [7, 49],
          grams: [120, 900],
          facts: { Material: ['recycled glass', 'crystal glass', 'borosilicate glass'] },
          options: { Set: ['1 piece', '4 pieces', '6 pieces'] },
        },
      ],
    },
    {
      name: 'Living',
      facts: wood,
      shelves: [
        {
          name: 'Lamps',
          things: ['Table Lamp', 'Floor Lamp', 'Pendant Lamp', 'Reading Lamp'],
          picture: 'lamp',
          euros: [39, 289],
          grams: [800, 6000],
          options: coloured,
        },
        {
          name: 'Chairs',
          things: ['Dining Chair', 'Armchair', 'Stool', 'Rocking Chair'],
          picture: 'chair',
          euros: [79, 549],
          grams: [3500, 18000],
          options: coloured,
        },
        {
          name: 'Tables',
          things: ['Side Table', 'Coffee Table', 'Dining Table', 'Desk'],
          picture: 'table',
          euros: [89, 899],
          grams: [6000, 42000],
          options: { Width: ['80 cm', '120 cm', '160 cm'] },
        },
        {
          name: 'Storage',
          things: ['Shelf', 'Basket', 'Chest', 'Wall Hook'],
          picture: 'shelf',
          euros: [15, 329],
          grams: [400, 24000],
          options: coloured,
        },
      ],
    },
    {
      name: 'Textiles',
      facts: cloth,
      shelves: [
        {
          name: 'Bed Linen',
          things: ['Duvet Cover', 'Fitted Sheet', 'Pillowcase Pair'],
          picture: 'bed',
          euros: [25, 169],
          grams: [400, 1900],
          options: { Colour: colours, Size: ['135 × 200 cm', '155 × 220 cm', '200 × 200 cm'] },
        },
        {
          name: 'Towels',
          things: ['Bath Towel', 'Hand Towel', 'Guest Towel', 'Bath Mat'],
          picture: 'towel',
          euros: [9, 49],
          grams: [150, 900],
          options: coloured,
        },
        {
          name: 'Cushions & Throws',
          things: ['Cushion', 'Throw', 'Bolster', 'Plaid'],
          picture: 'cushion',
          euros: [19, 119],
          grams: [300, 1600],
          options: coloured,
        },
      ],
    },
  ],
};
