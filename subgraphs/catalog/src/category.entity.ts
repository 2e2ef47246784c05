import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A place in the tree of at most three levels. */
@Directive('@key(fields: "id")')
@Directive('@key(fields: "slug")')
@Directive('@cacheControl(maxAge: 300)')
@ObjectType()
@Entity({ tableName: 'category' })
export class Category {
  @Field(() => ID, { name: 'id' })
  @PrimaryKey({ type: 'text' })
  _id!: string;

  @Field(() => String)
  @Property({ type: 'text', unique: true })
  slug!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text', nullable: true })
  parentId!: string | null;

  /** Among its siblings, rising. */
  @Property({ type: 'integer' })
  position!: number;
}
