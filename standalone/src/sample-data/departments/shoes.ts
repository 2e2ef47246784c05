import { colours, type Department } from '../department.js';

const small = { Size: ['36', '37', '38', '39', '40', '41'], Colour: colours };
const large = { Size: ['41', '42', '43', '44', '45', '46'], Colour: colours };
const tiny = { Size: ['26', '28', '30', '32', '34'], Colour: colours };

export const shoes: Department = {
  name: 'Shoes',
  brands: ['Ottermoor', 'Halden Sole', 'Corvo Calzature', 'Brisk & Byre', 'Lumen Walk', 'Strandvik'],
  series: [
    'Arlo',
    'Berta',
    'Cleo',
    'Dunmore',
    'Esker',
    'Falk',
    'Gala',
    'Harbour',
    'Isla',
    'Jarl',
    'Koa',
    'Lark',
    'Moss',
    'Nova',
    'Pike',
    'Quarry',
  ],
  taxClass: 'STANDARD',
  facts: {
    Material: ['full-grain leather', 'suede', 'recycled mesh', 'waxed nubuck', 'cotton canvas'],
    Sole: ['natural rubber', 'cork and rubber', 'EVA foam', 'stitched leather'],
    Lining: ['leather', 'wool', 'none', 'recycled textile'],
  },
  openings: [
    'The {series} {thing} {has} an upper of {fact} and room for your toes.',
    '{a thing} built on a wide last, in {fact}.',
    '{brand} has made {this} {thing} in the same workshop for twenty years, today in {fact}.',
  ],
  details: [
    'The sole can be replaced.',
    'A padded collar holds the heel without pressing.',
    'The footbed comes out, for your own insoles.',
    'Stitched and glued, so it stays together in the wet.',
  ],
  closings: [
    'Runs true to size.',
    'Between two sizes, take the larger one.',
    'Comes with a second pair of laces.',
    'Needs no breaking in.',
  ],
  groups: [
    {
      name: 'Women’s Shoes',
      options: small,
      shelves: [
        {
          name: 'Women’s Sneakers',
          things: ['Court Sneaker', 'Runner', 'Slip-On'],
          picture: 'sneaker',
          euros: [59, 149],
          grams: [500, 800],
        },
        {
          name: 'Women’s Boots',
          things: ['Chelsea Boot', 'Lace-Up Boot', 'Winter Boot', 'Knee Boot'],
          picture: 'boot',
          euros: [99, 249],
          grams: [800, 1400],
        },
        {
          name: 'Sandals',
          things: ['Strap Sandal', 'Clog', 'Espadrille', 'Slide'],
          picture: 'sandal',
          euros: [35, 119],
          grams: [350, 700],
        },
        {
          name: 'Pumps & Flats',
          things: ['Ballet Flat', 'Loafer', 'Block-Heel Pump'],
          picture: 'shoe',
          euros: [59, 159],
          grams: [400, 700],
        },
      ],
    },
    {
      name: 'Men’s Shoes',
      options: large,
      shelves: [
        {
          name: 'Men’s Sneakers',
          things: ['Court Sneaker', 'Trail Runner', 'High-Top'],
          picture: 'sneaker',
          euros: [59, 159],
          grams: [600, 950],
        },
        {
          name: 'Men’s Boots',
          things: ['Chelsea Boot', 'Work Boot', 'Desert Boot'],
          picture: 'boot',
          euros: [99, 269],
          grams: [900, 1600],
        },
        {
          name: 'Business Shoes',
          things: ['Derby', 'Oxford', 'Monk Strap', 'Penny Loafer'],
          picture: 'shoe',
          euros: [89, 249],
          grams: [700, 1000],
        },
      ],
    },
    {
      name: 'Children’s Shoes',
      options: tiny,
      shelves: [
        {
          name: 'First Walkers',
          things: ['First Walker', 'Soft Bootie'],
          picture: 'shoe',
          euros: [35, 69],
          grams: [150, 300],
          options: { Size: ['18', '19', '20', '21', '22'], Colour: colours },
        },
        {
          name: 'School Shoes',
          things: ['Velcro Sneaker', 'Indoor Shoe', 'Lace Shoe'],
          picture: 'sneaker',
          euros: [35, 79],
          grams: [300, 550],
        },
        {
          name: 'Rubber Boots',
          ownFactsOnly: true,
          facts: { Material: ['natural rubber', 'recycled rubber'], Lining: ['cotton', 'wool', 'none'] },
          voice: {
            openings: ['{a thing} of {fact} for every puddle.', '{brand} pours the {series} from {fact} in one piece.'],
            details: ['The sole grips on wet stones.', 'A loop at the back helps small hands.', 'Reflecting stripes are on both sides.'],
          },
          things: ['Rubber Boot', 'Lined Rubber Boot'],
          picture: 'boot',
          euros: [19, 49],
          grams: [500, 900],
        },
      ],
    },
  ],
};
