import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { hasScope, type Viewer } from '@shop/platform/viewer';
import { availabilityCode } from './stock.js';

export enum AvailabilityStatus {
  IN_STOCK = 'IN_STOCK',
  LOW_STOCK = 'LOW_STOCK',
  OUT_OF_STOCK = 'OUT_OF_STOCK',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(AvailabilityStatus, { name: 'AvailabilityStatus' });

@ObjectType()
export class Availability {
  @Field(() => AvailabilityStatus)
  status!: AvailabilityStatus;

  @Field(() => Int, {
    nullable: true,
    description: 'Exact for staff; for everybody else capped, so that a competitor cannot read the stock.',
  })
  quantity!: number | null;
}

/** What can be bought of one SKU. */
export interface SkuAvailability {
  sku: string;
  available: number;
  safetyStock: number;
  version: number;
  changedAt: Date;
}

/** Whoever may not read the stock sees no more than this many. */
const QUANTITY_CAP = 10;

/** What this viewer is told; UNKNOWN for a SKU that was never in stock. */
export function availabilityFor(viewer: Viewer, known: Pick<SkuAvailability, 'available' | 'safetyStock'> | null): Availability {
  if (!known) return Object.assign(new Availability(), { status: AvailabilityStatus.UNKNOWN, quantity: null });
  const status = AvailabilityStatus[availabilityCode(known.available, known.safetyStock)];
  return Object.assign(new Availability(), { status, quantity: quantityFor(viewer, known.available) });
}

/** Exact with stock:read, else capped. */
function quantityFor(viewer: Viewer, available: number): number {
  return hasScope(viewer, 'stock:read') ? available : Math.min(available, QUANTITY_CAP);
}
