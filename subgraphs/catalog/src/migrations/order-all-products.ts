import { Migration } from '@mikro-orm/migrations';

/** Staff and the rebuild of search go through products of every status; without this each of their pages sorts all of them. */
export class OrderAllProducts extends Migration {
  override up(): void {
    this.addSql(`create index product_newest_of_all on product (created_at desc, _id desc)`);
  }
}
