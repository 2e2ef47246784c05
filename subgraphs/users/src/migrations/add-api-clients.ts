import { Migration } from '@mikro-orm/migrations';

export class AddApiClients extends Migration {
  override up(): void {
    this.addSql(`create table api_client (
      id uuid primary key,
      name text not null,
      key_prefix text not null,
      key_hash text not null constraint api_client_key_hash_unique unique,
      previous_key_hash text constraint api_client_previous_key_hash_unique unique,
      previous_key_until timestamptz,
      scopes text[] not null,
      manifest text not null,
      mode text not null,
      requests_per_minute int not null check (requests_per_minute > 0),
      cost_per_minute int not null check (cost_per_minute > 0),
      created_at timestamptz not null,
      revoked_at timestamptz
    )`);
  }
}
