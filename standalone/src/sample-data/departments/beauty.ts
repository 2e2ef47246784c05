import type { Department } from '../department.js';

const sizes = { Volume: ['30 ml', '50 ml', '100 ml'] };
const large = { Volume: ['250 ml', '500 ml', '1 l'] };
const plant = { Contains: ['sea buckthorn', 'calendula', 'oat milk', 'rose hip', 'green tea', 'birch leaf', 'lavender'] };

export const beauty: Department = {
  name: 'Beauty & Care',
  brands: ['Saltwind Botanica', 'Oda Apothek', 'Maquis Bleu', 'Fern & Flint', 'Kalmus Labor'],
  series: [
    'Aube',
    'Brisa',
    'Clair',
    'Dew',
    'Eira',
    'Flora',
    'Glow',
    'Heather',
    'Iris',
    'Kelp',
    'Linden',
    'Mira',
    'Neroli',
    'Opal',
    'Petal',
    'Quiet',
  ],
  taxClass: 'STANDARD',
  facts: { Skin: ['all skin types', 'dry skin', 'sensitive skin', 'oily skin'], Vegan: ['yes', 'yes', 'no'] },
  openings: [
    'The {series} {thing} with {fact} {has} a short list of ingredients and a light scent.',
    '{a thing} with {fact}, quickly absorbed and without a film.',
    '{brand} presses {fact} for {this} {thing} within a day of the harvest.',
  ],
  details: [
    'Without microplastics, silicones or mineral oil.',
    'Tested by dermatologists.',
    'A little goes a long way.',
    'The bottle can be refilled in every branch.',
  ],
  closings: ['Use it within six months.', 'Not tested on animals.', 'The lid is made of beech wood.', 'Good in the morning and at night.'],
  groups: [
    {
      name: 'Face',
      options: sizes,
      facts: plant,
      shelves: [
        { name: 'Face Cream', things: ['Day Cream', 'Night Cream', 'Eye Cream'], picture: 'jar', euros: [14, 69], grams: [60, 180] },
        { name: 'Cleansers', things: ['Cleansing Milk', 'Cleansing Foam', 'Toner'], picture: 'pump', euros: [9, 39], grams: [90, 260] },
        { name: 'Serums & Oils', things: ['Serum', 'Face Oil', 'Booster'], picture: 'dropper', euros: [15, 79], grams: [60, 160] },
      ],
    },
    {
      name: 'Hair & Body',
      options: large,
      facts: plant,
      shelves: [
        { name: 'Shampoo', things: ['Shampoo', 'Solid Shampoo', 'Conditioner'], picture: 'pump', euros: [7, 32], grams: [80, 1100] },
        { name: 'Soap', things: ['Bar Soap', 'Hand Soap', 'Shower Gel'], picture: 'soap', euros: [5, 24], grams: [90, 1100] },
        { name: 'Body Lotion', things: ['Body Lotion', 'Body Butter', 'Hand Cream'], picture: 'pump', euros: [8, 36], grams: [70, 1100] },
      ],
    },
    {
      name: 'Fragrance & Tools',
      voice: {
        openings: [
          '{a thing} of {fact}, and nothing else.',
          '{brand} makes the {series} of {fact}, by hand.',
          'Small enough to travel: {a thing} of {fact}.',
        ],
        details: [
          'It comes in a box of recycled paper.',
          'Made in batches of a few hundred.',
          'It can be sent back for refilling or repair.',
        ],
      },
      shelves: [
        {
          name: 'Perfume',
          things: ['Eau de Parfum', 'Eau de Toilette', 'Perfume Oil'],
          picture: 'perfume',
          euros: [29, 149],
          grams: [120, 420],
          options: sizes,
          facts: { Scent: ['bergamot and cedar', 'fig and vetiver', 'iris and musk', 'sea salt and sage'] },
        },
        {
          name: 'Brushes & Combs',
          ownFactsOnly: true,
          things: ['Hair Brush', 'Wooden Comb', 'Make-Up Brush'],
          picture: 'brush',
          euros: [7, 45],
          grams: [30, 180],
          options: { Size: ['Small', 'Large'] },
          facts: { Material: ['beech wood', 'pear wood', 'bamboo'] },
        },
      ],
    },
  ],
};
