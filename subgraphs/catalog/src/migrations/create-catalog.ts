import { Migration } from '@mikro-orm/migrations';

export class CreateCatalog extends Migration {
  override up(): void {
    this.addSql(`create table category (
      _id text primary key,
      slug text not null unique,
      name text not null,
      parent_id text references category (_id),
      position int not null
    )`);
    this.addSql(`create table product (
      _id text primary key,
      slug text not null unique,
      name text not null,
      description text not null,
      brand text,
      status text not null check (status in ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
      tax_class text not null check (tax_class in ('STANDARD', 'REDUCED', 'ZERO')),
      category_ids text[] not null,
      images jsonb not null,
      attributes jsonb not null,
      options jsonb not null,
      variants jsonb not null,
      skus text[] not null check (cardinality(skus) > 0),
      variant_ids text[] not null,
      currency text not null,
      min_price_minor double precision not null check (min_price_minor >= 0),
      max_price_minor double precision not null check (max_price_minor >= min_price_minor),
      name_key text collate "C" not null,
      version int not null,
      published_version int not null,
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null
    )`);
    this.addSql(`create index product_newest on product (status, created_at desc, _id desc)`);
    this.addSql(`create index product_by_name on product (status, name_key, _id)`);
    this.addSql(`create index product_by_price on product (status, min_price_minor, _id)`);
    this.addSql(`create index product_by_brand on product (brand)`);
    this.addSql(`create index product_updated_at on product (updated_at)`);
    this.addSql(`create index product_category_ids on product using gin (category_ids) with (fastupdate = off)`);
    this.addSql(`create index product_skus on product using gin (skus) with (fastupdate = off)`);
    this.addSql(`create index product_variant_ids on product using gin (variant_ids) with (fastupdate = off)`);
    this.addSql(`create index product_unpublished on product (updated_at) where published_version < version`);
    this.claimSkus();
  }

  /**
   * What a document store does with one unique index over an array: no SKU belongs to two products. The trigger keeps the claims in
   * the statement that writes the product, so the code needs to know nothing of it.
   */
  private claimSkus(): void {
    this.addSql(`create table sku_claim (sku text primary key, product_id text not null references product (_id) on delete cascade)`);
    this.addSql(`create index sku_claim_product on sku_claim (product_id)`);
    this.addSql(`create function claim_skus() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' then
          delete from sku_claim where product_id = old._id and sku <> all (new.skus);
          insert into sku_claim (sku, product_id) select s, new._id from unnest(new.skus) s where s <> all (old.skus);
        else
          insert into sku_claim (sku, product_id) select s, new._id from unnest(new.skus) s;
        end if;
        return null;
      end $$`);
    this.addSql(`create trigger claim_skus_of_new after insert on product for each row execute function claim_skus()`);
    this.addSql(`create trigger claim_skus_of_changed after update of skus on product
      for each row when (old.skus is distinct from new.skus) execute function claim_skus()`);
  }
}
