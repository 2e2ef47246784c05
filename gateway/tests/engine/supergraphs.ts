import { readFileSync, readdirSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

export interface TestSupergraph {
  name: string;
  supergraphSdl: string;
  /** SDL by subgraph. */
  subgraphs: Readonly<Record<string, string>>;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires",
  "@provides", "@override", "@inaccessible", "@interfaceObject", "@authenticated", "@requiresScopes", "@policy"])`;

/** The shop's own, as it is committed. */
export function shopSupergraph(): TestSupergraph {
  const folder = new URL('../../../schema/', import.meta.url);
  const names = readdirSync(new URL('subgraphs/', folder)).map((file) => file.replace(/\.graphql$/, ''));
  return {
    name: 'the shop',
    supergraphSdl: readFileSync(new URL('supergraph.graphql', folder), 'utf8'),
    subgraphs: Object.fromEntries(names.map((name) => [name, readFileSync(new URL(`subgraphs/${name}.graphql`, folder), 'utf8')])),
  };
}

/** Throws when the subgraphs do not compose. */
export function composed(name: string, subgraphs: Readonly<Record<string, string>>): TestSupergraph {
  const linked = Object.fromEntries(Object.entries(subgraphs).map(([subgraph, sdl]) => [subgraph, `${link}\n${sdl}`]));
  const { supergraphSdl, errors } = composeServices(
    Object.entries(linked).map(([subgraph, sdl]) => ({ name: subgraph, url: 'http://unused.internal', typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new Error(`${name}: ${errors?.map(({ message }) => message).join('\n')}`);
  return { name, supergraphSdl, subgraphs: linked };
}

/** Interfaces and unions whose members' fields lie in several subgraphs; a union that differs by subgraph; keys of one name and two types. */
export const zoo = () =>
  composed('a zoo', {
    animals: `
      type Query { animal(id: ID!): Animal animals(first: Int): [Animal!] things: [Thing] places: [Place!]! nested: [[Animal]!] }
      interface Animal { id: ID! name: String keeper: Keeper home: Place }
      interface Loud { noise: String }
      type Cat implements Animal & Loud @key(fields: "id") { id: ID! name: String keeper: Keeper home: Place noise: String lives: Int! }
      type Dog implements Animal & Loud @key(fields: "id") { id: ID! name: String keeper: Keeper home: Place noise: String tricks: [String!] }
      type Fish implements Animal @key(fields: "id") { id: ID! name: String keeper: Keeper home: Place depth: Float }
      type Keeper @key(fields: "id") { id: ID! }
      type Place @key(fields: "code") { code: ID! }
      type Stone @key(fields: "id") { id: Int! }
      union Thing = Cat | Dog | Place | Stone`,
    keepers: `
      type Query { keepers: [Keeper!] }
      type Mutation { hire(name: String!): Keeper dismiss(id: ID!, force: Boolean = false): Keeper! }
      type Keeper @key(fields: "id") { id: ID! name: String! favourite: Favourite animals: [Cared!]! boss: Keeper }
      interface Cared { id: ID! meals(perDay: Int = 2): [Meal!] }
      type Cat implements Cared @key(fields: "id") { id: ID! meals(perDay: Int = 2): [Meal!] }
      type Dog implements Cared @key(fields: "id") { id: ID! meals(perDay: Int = 2): [Meal!] }
      type Fish implements Cared @key(fields: "id") { id: ID! meals(perDay: Int = 2): [Meal!] }
      type Meal { food: String! grams: Int! kind: MealKind }
      enum MealKind { DRY WET SECRET @inaccessible }
      union Favourite = Cat | Place
      type Place @key(fields: "code") { code: ID! cleanedBy: [Keeper] }`,
    map: `
      type Query { map: Map! }
      type Map { places: [[Place!]]! centre: Place }
      type Place @key(fields: "code") { code: ID! title: String! neighbours: [Place!]! inhabitants: [Thing!] }
      type Stone @key(fields: "id") { id: Int! weight: Float foundAt: Place }
      type Cat @key(fields: "id") { id: ID! seenAt: Place! }
      type Fish @key(fields: "id") { id: ID! seenAt: Place }
      union Thing = Cat | Fish`,
  });

/** `@requires` on `@requires`, several and compound keys, `@provides`, `@override`, value types in several subgraphs, an enum of many. */
export const warehouse = () =>
  composed('a warehouse', {
    goods: `
      type Query { good(id: ID!): Good goods(limit: Int = 3): [Good!]! best: Good! bySize(size: Size): [Good] }
      type Good @key(fields: "id") @key(fields: "sku") @key(fields: "maker { id } code") {
        id: ID! sku: String! code: String! maker: Maker! title: String @shareable dimensions: Dimensions size: Size rating: Int legacy: String }
      type Maker @key(fields: "id") { id: ID! label: String @shareable }
      type Dimensions @shareable { width: Int height: Int unit: Unit! }
      type Unit @shareable { name: String! factor: Float }
      enum Size { S M L HIDDEN @inaccessible }`,
    freight: `
      type Query { crates: [Crate!] }
      type Crate { good: Good! pieces: Int! inside: [Crate!] }
      type Good @key(fields: "id") {
        id: ID! dimensions: Dimensions @external weight: Float
        volume: Int @requires(fields: "dimensions { width height unit { factor } }")
        price(currency: String = "EUR"): Money }
      type Dimensions @shareable { width: Int height: Int unit: Unit! }
      type Unit @shareable { name: String! factor: Float }
      type Money { amount: Int! currency: String! }`,
    customs: `
      type Good @key(fields: "id") {
        id: ID! volume: Int @external title: String @external
        duty: Float @requires(fields: "volume")
        label(language: String): String! @requires(fields: "title volume")
        papers: [Paper!] legacy: String @override(from: "goods") }
      type Paper { number: Int! signedBy: Maker kind: Size }
      type Maker @key(fields: "id") { id: ID! licence: String! }
      enum Size { S M L HIDDEN }`,
    reviews: `
      type Query { newest: [Review!]! @shareable worst: Review @provides(fields: "good { title }") }
      type Review { stars: Int! text: String good: Good! maker: Maker @provides(fields: "label") }
      type Good @key(fields: "sku") { sku: String! title: String @external reviews(first: Int): [Review!] }
      type Maker @key(fields: "id") { id: ID! label: String @external }`,
    makers: `
      type Query { makers: [Maker] }
      type Maker @key(fields: "id") { id: ID! name: String! label: String @shareable country: Country }
      type Good @key(fields: "maker { id } code") { maker: Maker! @shareable code: String! @shareable guarantee: Int! }
      type Country { code: String! tax: Float }`,
  });

/** Interface objects: subgraphs that add fields to an interface whose types they do not know. Without cycles: Apollo's planner drowns in those. */
export const library = () =>
  composed('a library', {
    media: `
      type Query { media(id: ID!): Media shelf: [Media!]! book: Book }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int! author: Author }
      type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
      type Author @key(fields: "id") { id: ID! name: String }`,
    loans: `
      type Query { lent: [Media!] oldest: Media }
      type Media @key(fields: "id") @interfaceObject { id: ID! loans: [Loan!]! lender: Author waiting(longerThan: Int): Int! }
      type Loan { days: Int! state: State }
      enum State { OUT BACK LOST @inaccessible }
      type Author @key(fields: "id") { id: ID! born: Int }`,
    ratings: `
      type Query { top: Rated }
      type Rated { items: [Media]! }
      type Media @key(fields: "id") @interfaceObject { id: ID! title: String @external stars: Float slogan: String @requires(fields: "title") }`,
  });

/**
 * Fields of the root and of value types that several subgraphs answer, nested and compound keys, `@provides` through interfaces, unions and
 * enums that differ, an entity of which a subgraph knows the key alone.
 */
export const town = () =>
  composed('a town', {
    houses: `
      type Query { houses(street: String): [House!]! mayor: Person @shareable found: [Found] }
      type House @key(fields: "address { street { name } number }") @key(fields: "plot") {
        address: Address! plot: ID! storeys: Int owner: Person tenants: [Person!] colour: Colour @shareable }
      type Address @shareable { street: Street! number: Int! }
      type Street @shareable { name: String! width: Float }
      type Person @key(fields: "id", resolvable: false) { id: ID! }
      union Found = House | Cat
      type Cat @key(fields: "chip") { chip: ID! home: House }
      enum Colour { RED WHITE }`,
    people: `
      type Query { mayor: Person @shareable people(first: Int = 2): [Resident!]! }
      type Mutation { move(id: ID!, plot: ID!): Person! marry(a: ID!, b: ID!): [Person!] }
      interface Resident { name: String lives: House }
      type Person implements Resident @key(fields: "id") @key(fields: "number { country code }") {
        id: ID! number: Number! name: String @shareable lives: House married: Person keeps: [Found!] mood: Mood }
      type Cat implements Resident @key(fields: "chip") { chip: ID! name: String lives: House }
      type Number @shareable { country: String! code: Int! }
      type House @key(fields: "plot") { plot: ID! residents: [Resident!] colour: Colour @shareable }
      union Found = Cat | Person
      enum Colour { RED WHITE }
      enum Mood { GOOD BAD HIDDEN @inaccessible }`,
    taxes: `
      type Query { debts: [Debt] worst: Payer @provides(fields: "... on Person { name }") }
      union Payer = Person | House
      type Person @key(fields: "number { country code }") {
        number: Number! name: String @external tax(year: Int! = 2026): Money debts: [Debt!] }
      type House @key(fields: "address { street { name } number }") {
        address: Address! storeys: Int @external tax(year: Int! = 2026): Money
        value: Int @requires(fields: "storeys address { street { width } }") }
      type Address @shareable { street: Street! number: Int! }
      type Street @shareable { name: String! width: Float @external }
      type Number @shareable { country: String! code: Int! }
      type Debt { of: Payer! amount: Money by: [Payer!] }
      type Money { amount: Int! unit: String }`,
  });

/** `@requires` of objects and lists that one subgraph names and another knows, one following on the other. */
export const press = () =>
  composed('a press', {
    papers: `
      type Query { articles: [Article!]! lead: Article }
      type Article @key(fields: "id") { id: ID! title: String editors: [Writer] byline: String @external
        isSigned: Boolean @requires(fields: "byline") }
      type Writer @key(fields: "id") { id: ID! name: String years: Int desk: Desk }
      type Desk @key(fields: "id") { id: ID! }`,
    credits: `
      type Query { newest: Article }
      type Article @key(fields: "id") { id: ID! author: Writer! team: [Writer!] editors: [Writer] @external
        byline: String @requires(fields: "author { name desk { floor } }")
        experience: Int @requires(fields: "team { years }")
        costs: Float @requires(fields: "editors { id salary }") }
      type Writer @key(fields: "id") { id: ID! name: String @external years: Int @external desk: Desk @external salary: Float @external }
      type Desk @key(fields: "id") { id: ID! floor: Int @external }`,
    house: `
      type Query { desks: [Desk] }
      type Desk @key(fields: "id") { id: ID! floor: Int writers: [Writer!] }
      type Writer @key(fields: "id") { id: ID! salary: Float articles: [Article!] }
      type Article @key(fields: "id", resolvable: false) { id: ID! }`,
  });
