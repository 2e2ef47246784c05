import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { Amount } from '@shop/platform/money';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export const ProductStatus = { DRAFT: 'DRAFT', PUBLISHED: 'PUBLISHED', ARCHIVED: 'ARCHIVED' } as const;
export type ProductStatus = keyof typeof ProductStatus;
registerEnumType(ProductStatus, { name: 'ProductStatus' });

/** Which rate of tax applies; the rates themselves depend on the country and are none of the catalog's business. */
export type TaxClass = 'STANDARD' | 'REDUCED' | 'ZERO';

@ObjectType()
export class Attribute {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

@ObjectType()
export class OptionValue {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

@ObjectType()
export class ProductOption {
  @Field(() => String)
  name!: string;

  @Field(() => [String])
  values!: string[];
}

@ObjectType()
export class MediaAsset {
  /** An address, or a path below the one of the shop's own pictures. */
  url!: string;

  @Field(() => String)
  alt!: string;

  @Field(() => Int, { nullable: true })
  width!: number | null;

  @Field(() => Int, { nullable: true })
  height!: number | null;
}

/** A variant as it is kept inside its product. */
export interface VariantRecord {
  id: string;
  sku: string;
  name: string;
  optionValues: OptionValue[];
  price: Amount;
  compareAtPrice: Amount | null;
  weightGrams: number;
}

/**
 * One document: everything that belongs to a product is inside it, so that one write changes all of it, in a store with joins or
 * without. Properties without `@Field` are private: what lists are searched and sorted by, and the relay's mark.
 */
@Directive('@key(fields: "id")')
@Directive('@key(fields: "slug")')
@Directive('@cacheControl(maxAge: 60)')
@ObjectType()
@Entity({ tableName: 'product' })
export class Product {
  @Field(() => ID, { name: 'id' })
  @PrimaryKey({ type: 'text' })
  _id!: string;

  @Field(() => String)
  @Property({ type: 'text', unique: true })
  slug!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  description!: string;

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  brand!: string | null;

  @Field(() => ProductStatus)
  @Property({ type: 'text' })
  status!: ProductStatus;

  @Property({ type: 'text' })
  taxClass!: TaxClass;

  @Property({ type: 'string[]' })
  categoryIds!: string[];

  @Directive('@listSize(assumedSize: 4)')
  @Field(() => [MediaAsset])
  @Property({ type: 'json' })
  images!: MediaAsset[];

  @Directive('@listSize(assumedSize: 8)')
  @Field(() => [Attribute], { description: 'Free-form facts of this kind of product, e.g. screen size or fabric.' })
  @Property({ type: 'json' })
  attributes!: Attribute[];

  @Directive('@listSize(assumedSize: 3)')
  @Field(() => [ProductOption])
  @Property({ type: 'json' })
  options!: ProductOption[];

  @Property({ type: 'json', fieldName: 'variants' })
  variantRecords!: VariantRecord[];

  /** Of all variants; unique over all products. */
  @Property({ type: 'string[]' })
  skus!: string[];

  @Property({ type: 'string[]' })
  variantIds!: string[];

  @Property({ type: 'text' })
  currency!: string;

  /** Lowest price in minor units; a double holds whole numbers exactly up to 2^53. */
  @Property({ type: 'double' })
  minPriceMinor!: number;

  @Property({ type: 'double' })
  maxPriceMinor!: number;

  /** The name in lower case: lists are sorted by it. */
  @Property({ type: 'text' })
  nameKey!: string;

  /** Rises by one with every change. */
  @Field(() => Int)
  @Property({ type: 'integer' })
  version!: number;

  /** The newest version that product-changed was sent for; below `version` while one is due. */
  @Property({ type: 'integer' })
  publishedVersion!: number;

  @Field(() => Date)
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Field(() => Date)
  @Property({ type: 'datetime', length: 3 })
  updatedAt!: Date;
}
