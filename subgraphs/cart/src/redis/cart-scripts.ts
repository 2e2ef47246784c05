import { script } from '@shop/platform/redis';

/** One tag, so that a cluster keeps all keys of carts together: a merge writes two carts and their lists in one step. */
const TAG = '{cart}';
export const cartKey = (cartId: string) => `${TAG}:record:${cartId}`;
export const ownerKey = (customerId: string) => `${TAG}:of:${customerId}`;
/** Carts that the copy does not have yet, by version. */
export const UNCOPIED = `${TAG}:uncopied`;
/** Guests' carts, by the instant of their end. */
export const ENDS = `${TAG}:ends`;
export const CHANGES = `${TAG}:changes`;

/**
 * `keepMs` frees the memory of a guest's cart that nobody deletes; it is longer than the cart lives. The order events that were taken out
 * stay as they are when `taken` is empty.
 */
const put = `
local function put(cart, uncopied, ends, id, version, record, endsAt, keepMs, heir, taken)
  redis.call('HSET', cart, 'version', version, 'heir', heir, 'record', record)
  if taken ~= '' then redis.call('HSET', cart, 'taken', taken) end
  if endsAt == '' then
    redis.call('PERSIST', cart)
    redis.call('ZREM', ends, id)
  else
    redis.call('PEXPIRE', cart, keepMs)
    redis.call('ZADD', ends, endsAt, id)
  end
  redis.call('ZADD', uncopied, version, id)
end
`;

/**
 * Writes carts, all or none, that still are at the version that was read and were not merged meanwhile. Keys: the two lists, then the
 * carts. Values: for each cart id, version read, record, end, memory's end, heir, events. A version read of 0 means: there is none yet.
 */
export const writeScript = script(`${put}
local width = 7
for at = 3, #KEYS do
  local first = (at - 3) * width
  local found = redis.call('HMGET', KEYS[at], 'version', 'heir')
  local expected = ARGV[first + 2]
  if not found[1] and expected ~= '0' then return 'absent' end
  if found[1] and (found[1] ~= expected or found[2] ~= '') then return 'stale' end
end
for at = 3, #KEYS do
  local first = (at - 3) * width
  local id, version, record, endsAt, keepMs, heir, taken = unpack(ARGV, first + 1, first + width)
  put(KEYS[at], KEYS[1], KEYS[2], id, string.format('%d', version + 1), record, endsAt, keepMs, heir, taken)
end
return 'written'
`);

/**
 * A person's first cart. Answers with the id of the cart that the person has. Keys: lists, the cart, the person. Values: id, record, what
 * a cart's key begins with.
 */
export const claimScript = script(`${put}
local known = redis.call('GET', KEYS[4])
if known and redis.call('EXISTS', ARGV[3] .. known) == 1 then return known end
redis.call('SET', KEYS[4], ARGV[1])
put(KEYS[3], KEYS[1], KEYS[2], ARGV[1], '1', ARGV[2], '', '', '', '')
return ARGV[1]
`);

/**
 * Puts back what the copy holds, where Redis has nothing or something older. Keys: lists, the cart and, for a person's, the person.
 * Values: id, the copy's version, the version to go on from, record, end, memory's end, heir, events.
 */
export const restoreScript = script(`${put}
local id, copied, version, record, endsAt, keepMs, heir, taken = unpack(ARGV)
local known = redis.call('HGET', KEYS[3], 'version')
if known and tonumber(known) >= tonumber(copied) then return 0 end
put(KEYS[3], KEYS[1], KEYS[2], id, version, record, endsAt, keepMs, heir, taken)
if KEYS[4] then redis.call('SET', KEYS[4], id, 'NX') end
return 1
`);

/** Takes off the list what the copy has, unless there is a newer version by now. Values: id and version, again and again. */
export const copiedScript = script(`
for at = 1, #ARGV, 2 do
  local listed = redis.call('ZSCORE', KEYS[1], ARGV[at])
  if listed and tonumber(listed) <= tonumber(ARGV[at + 1]) then redis.call('ZREM', KEYS[1], ARGV[at]) end
end
return 1
`);

/** Deletes guests' carts whose time is over. Keys: lists. Values: now, at most, what a cart's key begins with. */
export const expireScript = script(`
local ids = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do
  redis.call('DEL', ARGV[3] .. id)
  redis.call('ZREM', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
return ids
`);
