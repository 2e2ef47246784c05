/* eslint-disable */
import * as types from './graphql.js';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation ImportProducts($products: [ImportProductInput!]!) {\n  importProducts(products: $products) {\n    slug\n    kind\n    reason\n  }\n}": typeof types.ImportProductsDocument,
    "query ProductPages($first: Int!, $after: String) {\n  products(first: $first, after: $after) {\n    nodes {\n      id\n      version\n      status\n      slug\n      name\n      description\n      brand\n      categories {\n        slug\n        name\n        parent {\n          slug\n          name\n          parent {\n            slug\n            name\n          }\n        }\n      }\n      attributes {\n        name\n        value\n      }\n      options {\n        name\n        values\n      }\n      variants {\n        sku\n        price {\n          amountMinor\n          currency\n        }\n      }\n      createdAt\n      updatedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": typeof types.ProductPagesDocument,
    "query VariantsBySku($skus: [String!]!) {\n  variantsBySku(skus: $skus) {\n    sku\n    name\n    price {\n      amountMinor\n      currency\n    }\n    weightGrams\n    taxClass\n    product {\n      id\n      slug\n      name\n      categories {\n        slug\n      }\n    }\n  }\n}": typeof types.VariantsBySkuDocument,
};
const documents: Documents = {
    "mutation ImportProducts($products: [ImportProductInput!]!) {\n  importProducts(products: $products) {\n    slug\n    kind\n    reason\n  }\n}": types.ImportProductsDocument,
    "query ProductPages($first: Int!, $after: String) {\n  products(first: $first, after: $after) {\n    nodes {\n      id\n      version\n      status\n      slug\n      name\n      description\n      brand\n      categories {\n        slug\n        name\n        parent {\n          slug\n          name\n          parent {\n            slug\n            name\n          }\n        }\n      }\n      attributes {\n        name\n        value\n      }\n      options {\n        name\n        values\n      }\n      variants {\n        sku\n        price {\n          amountMinor\n          currency\n        }\n      }\n      createdAt\n      updatedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": types.ProductPagesDocument,
    "query VariantsBySku($skus: [String!]!) {\n  variantsBySku(skus: $skus) {\n    sku\n    name\n    price {\n      amountMinor\n      currency\n    }\n    weightGrams\n    taxClass\n    product {\n      id\n      slug\n      name\n      categories {\n        slug\n      }\n    }\n  }\n}": types.VariantsBySkuDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ImportProducts($products: [ImportProductInput!]!) {\n  importProducts(products: $products) {\n    slug\n    kind\n    reason\n  }\n}"): (typeof documents)["mutation ImportProducts($products: [ImportProductInput!]!) {\n  importProducts(products: $products) {\n    slug\n    kind\n    reason\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ProductPages($first: Int!, $after: String) {\n  products(first: $first, after: $after) {\n    nodes {\n      id\n      version\n      status\n      slug\n      name\n      description\n      brand\n      categories {\n        slug\n        name\n        parent {\n          slug\n          name\n          parent {\n            slug\n            name\n          }\n        }\n      }\n      attributes {\n        name\n        value\n      }\n      options {\n        name\n        values\n      }\n      variants {\n        sku\n        price {\n          amountMinor\n          currency\n        }\n      }\n      createdAt\n      updatedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"): (typeof documents)["query ProductPages($first: Int!, $after: String) {\n  products(first: $first, after: $after) {\n    nodes {\n      id\n      version\n      status\n      slug\n      name\n      description\n      brand\n      categories {\n        slug\n        name\n        parent {\n          slug\n          name\n          parent {\n            slug\n            name\n          }\n        }\n      }\n      attributes {\n        name\n        value\n      }\n      options {\n        name\n        values\n      }\n      variants {\n        sku\n        price {\n          amountMinor\n          currency\n        }\n      }\n      createdAt\n      updatedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query VariantsBySku($skus: [String!]!) {\n  variantsBySku(skus: $skus) {\n    sku\n    name\n    price {\n      amountMinor\n      currency\n    }\n    weightGrams\n    taxClass\n    product {\n      id\n      slug\n      name\n      categories {\n        slug\n      }\n    }\n  }\n}"): (typeof documents)["query VariantsBySku($skus: [String!]!) {\n  variantsBySku(skus: $skus) {\n    sku\n    name\n    price {\n      amountMinor\n      currency\n    }\n    weightGrams\n    taxClass\n    product {\n      id\n      slug\n      name\n      categories {\n        slug\n      }\n    }\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;