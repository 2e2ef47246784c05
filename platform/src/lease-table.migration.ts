import { Migration } from '@mikro-orm/migrations';

/** Which process does what only one at a time may do. */
export class LeaseTable extends Migration {
  override up(): void {
    this.addSql(`create table lease (
      name text primary key,
      holder uuid not null,
      fence bigint not null,
      expires_at timestamptz not null
    )`);
  }
}
