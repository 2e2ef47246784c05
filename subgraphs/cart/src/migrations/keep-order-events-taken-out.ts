import { Migration } from '@mikro-orm/migrations';

/** With the carts in Redis this table is their copy, and has no inbox beside it that knows which orders were taken out. */
export class KeepOrderEventsTakenOut extends Migration {
  override up(): void {
    this.addSql(`alter table cart add column taken_out text[] not null default '{}'`);
  }
}
