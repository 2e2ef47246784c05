import { colours, type Department } from '../department.js';

const coloured = { Colour: colours };
const wood = { Material: ['beech wood', 'maple wood', 'lime wood', 'recycled plastic'] };

export const toys: Department = {
  name: 'Toys & Games',
  brands: ['Bunte Kuh Werkstatt', 'Little Harrow', 'Pim & Pola', 'Klotz & Kegel', 'Sundog Games', 'Mothwing Toys'],
  series: [
    'Anton',
    'Bibi',
    'Carlo',
    'Dotty',
    'Emil',
    'Fips',
    'Greta',
    'Hopp',
    'Kiki',
    'Lotte',
    'Mika',
    'Nelli',
    'Oskar',
    'Pips',
    'Rosa',
    'Tilly',
  ],
  taxClass: 'STANDARD',
  facts: { Age: ['from 1 year', 'from 3 years', 'from 5 years', 'from 8 years'], 'Made in': ['Germany', 'Czechia', 'Sweden'] },
  openings: [
    'The {series} {thing} {is} made of {fact} to survive most falls.',
    '{a thing} in {fact}, with no batteries and no noise but your own.',
    'Children find their own rules for {this} {thing} of {fact}; grown-ups may join in.',
  ],
  details: [
    'Water-based colours, safe to chew on.',
    'All corners are rounded.',
    'Lost parts are sent for the price of a stamp.',
    'It grows with the child: new steps come with age.',
  ],
  closings: [
    'Comes in a box to keep.',
    'Wipe clean with a damp cloth.',
    'Goes together with every other set of the series.',
    'Tested by two nursery schools.',
  ],
  groups: [
    {
      name: 'Building',
      facts: wood,
      shelves: [
        {
          name: 'Building Blocks',
          things: ['Building Blocks', 'Rainbow Stacker', 'Arch Set'],
          picture: 'blocks',
          euros: [15, 99],
          grams: [500, 4000],
          options: { Set: ['24 pieces', '50 pieces', '100 pieces'] },
        },
        {
          name: 'Marble Runs',
          things: ['Marble Run', 'Ball Track'],
          picture: 'blocks',
          euros: [25, 149],
          grams: [900, 5000],
          options: { Set: ['Starter', 'Large', 'Extension'] },
        },
        {
          name: 'Trains & Cars',
          things: ['Wooden Train', 'Tip Truck', 'Race Car', 'Fire Engine'],
          picture: 'car',
          euros: [9, 79],
          grams: [150, 2200],
          options: coloured,
        },
      ],
    },
    {
      name: 'Games & Puzzles',
      voice: {
        openings: [
          '{a thing} for a rainy afternoon ({factname}: {fact}).',
          '{brand} explains {this} {thing} on a single page; {factname}: {fact}.',
          'Easy to begin and hard to put away: {a thing} for {fact}.',
        ],
        details: [
          'The rules come in two languages.',
          'Every picture was painted by hand.',
          'Each round goes differently.',
          'The box closes with everything in it.',
        ],
      },
      facts: {
        Players: ['1–4 players', '2–4 players', '2–6 players', '3–8 players'],
        Duration: ['15 minutes', '30 minutes', '60 minutes', '90 minutes'],
      },
      shelves: [
        {
          name: 'Board Games',
          noun: 'board game',
          things: ['The {series} Expedition', '{series} and the Lighthouse', 'Merchants of {series}'],
          picture: 'game',
          euros: [19, 59],
          grams: [600, 2200],
          options: { Language: ['English', 'German'] },
        },
        {
          name: 'Card Games',
          noun: 'card game',
          things: ['{series} Says', 'Thirteen {series}', '{series} Takes All'],
          picture: 'cards',
          euros: [8, 24],
          grams: [90, 320],
          options: { Language: ['English', 'German'] },
        },
        {
          name: 'Puzzles',
          things: ['Landscape Puzzle', 'Animal Puzzle', 'City Puzzle'],
          picture: 'puzzle',
          euros: [12, 39],
          grams: [400, 1100],
          options: { Pieces: ['200', '500', '1,000', '2,000'] },
        },
      ],
    },
    {
      name: 'Soft Toys & Dolls',
      options: coloured,
      facts: { Material: ['organic cotton plush', 'wool felt', 'linen', 'recycled plush'] },
      shelves: [
        { name: 'Soft Toys', things: ['Bear', 'Hare', 'Fox', 'Elephant', 'Owl'], picture: 'teddy', euros: [15, 59], grams: [120, 700] },
        { name: 'Dolls', things: ['Rag Doll', 'Puppet', 'Finger Puppet Set'], picture: 'teddy', euros: [12, 69], grams: [60, 600] },
      ],
    },
  ],
};
