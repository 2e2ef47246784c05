import type { Amount } from '@shop/platform/money';

export interface DraftLine {
  sku: string;
  productName: string;
  variantName: string;
  quantity: number;
  unitPrice: Amount;
  lineTotal: Amount;
}

export interface OrderTotals {
  subtotal: Amount;
  discount: Amount;
  shipping: Amount;
  tax: Amount;
  total: Amount;
}

export interface OrderAddress {
  fullName: string;
  company: string | null;
  line1: string;
  line2: string | null;
  city: string;
  region: string | null;
  postalCode: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  phone: string | null;
}

/** What an order keeps of the cart: a snapshot that no later change of the catalog touches. */
export interface OrderContent {
  lines: DraftLine[];
  totals: OrderTotals;
  shippingAddress: OrderAddress;
  deliveryOption: { code: string; name: string; price: Amount; estimatedDays: number };
}
