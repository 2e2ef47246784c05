import { createRequire } from 'node:module';

/** The driver that MikroORM itself uses: patching another copy would count nothing. */
const driver = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/mongodb'));
const { Connection } = driver('mongodb/lib/cmap/connection') as {
  Connection: { prototype: { command: (...args: unknown[]) => unknown } };
};

const commands: string[] = [];

const command = Connection.prototype.command;
Connection.prototype.command = function (this: unknown, ...args: unknown[]) {
  commands.push(JSON.stringify(args[1]));
  return command.apply(this, args);
};

/** How many commands this process sends to MongoDB while `work` runs; the relay's polling is none of them. Import it before a catalog is opened. */
export async function countCommands(work: () => Promise<unknown>): Promise<number> {
  const before = commands.length;
  await work();
  return commands.slice(before).filter((text) => /^\{"(find|aggregate|update|insert|delete)"/.test(text) && !text.includes('"sent":null'))
    .length;
}
