-- One round of one worker process: how many mails for each provider may leave now, over all workers together.
--
-- KEYS     the buckets: first the common ones (the relay's is the very first), then one for each provider
-- ARGV[1]  {common = how many, want = mails wanted, urgent = is it a notice,
--           rates = [[ceiling, hour or 0, day or 0, start], ... as KEYS], counts = [mails on hand for each provider]}
-- returns  {mails granted by provider}, seconds until there is more (as text), {windows whose count is not known},
--          1 when a common bucket is empty: then other providers need not be asked for
--
-- A bucket is a hash: tokens and at (when they were counted); base, since and per: the rate is `base` at `since` and
-- doubles every `per` seconds up to the ceiling; flow, the mails a second let through lately; till, before which nothing
-- leaves; urgent, until when releases stand back. A bucket nobody knows (the first one, or the server lost it) starts low.
local BURST, CALM, STANDS_BACK, KEPT = 1, 5, 2, 86400
local DOUBLES = 1
local request = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local unknown = {}

-- Mails of a rolling window, or nil when nobody counted: slots of a minute for an hour, of half an hour for a day.
local function spent(key, slot, slots)
  local all, sum, oldest = redis.call('HGETALL', key), 0, math.floor(now / slot) - slots
  if #all == 0 then
    table.insert(unknown, key)
    return nil
  end
  for i = 1, #all, 2 do
    local number = tonumber(all[i])
    if number and number < oldest then
      redis.call('HDEL', key, all[i])
    elseif number then
      sum = sum + tonumber(all[i + 1])
    end
  end
  return sum
end

-- What a window still lets through: releases leave a twentieth of it to notices and account mail.
local function room(key, slot, slots, limit)
  local used = spent(key, slot, slots)
  if used == nil then return 0 end
  if not request.urgent then limit = math.floor(limit * 0.95) end
  return math.max(0, limit - used)
end

local function open(index)
  local key, rates = KEYS[index], request.rates[index]
  local found = redis.call('HMGET', key, 'tokens', 'at', 'base', 'since', 'per', 'flow', 'till', 'urgent')
  for i = 1, 8 do found[i] = tonumber(found[i] or '') end
  local bucket = {key = key, hour = rates[2], day = rates[3], fresh = found[1] == nil}
  local start = math.min(rates[1], rates[4])
  local base, since, per = found[3] or start, found[4] or now, found[5] or DOUBLES
  bucket.base, bucket.since, bucket.per = base, since, per
  bucket.rate = math.min(rates[1], base * 2 ^ (math.max(0, now - since) / per))
  local passed = math.max(0, now - (found[2] or now))
  bucket.tokens = math.min(math.max(1, bucket.rate * BURST), (found[1] or math.max(1, start)) + bucket.rate * passed)
  bucket.flow = (found[6] or 0) * math.exp(-passed / CALM)
  bucket.till, bucket.urgent = found[7] or 0, found[8] or 0
  bucket.left, bucket.wait = math.floor(bucket.tokens), 0
  if bucket.left < 1 then bucket.wait = (1 - bucket.tokens) / bucket.rate end
  if bucket.hour > 0 then
    local left = room(key .. ':hour', 60, 60, bucket.hour)
    if left < 1 then bucket.wait = math.max(bucket.wait, 60) end
    bucket.left = math.min(bucket.left, left)
  end
  if bucket.day > 0 then
    local left = room(key .. ':day', 1800, 48, bucket.day)
    if left < 1 then bucket.wait = math.max(bucket.wait, 600) end
    bucket.left = math.min(bucket.left, left)
  end
  if bucket.till > now then
    bucket.left, bucket.wait = 0, bucket.till - now
  elseif not request.urgent and bucket.urgent > now then
    bucket.left, bucket.wait = 0, bucket.urgent - now
  end
  return bucket
end

local function count(key, slot, lasts, number)
  redis.call('HINCRBY', key, math.floor(now / slot), number)
  redis.call('EXPIRE', key, lasts)
end

local function close(bucket, number)
  if number == 0 and not bucket.fresh then return end
  redis.call('HSET', bucket.key, 'tokens', bucket.tokens - number, 'at', now, 'base', bucket.base, 'since',
    bucket.since, 'per', bucket.per, 'flow', bucket.flow + number / CALM)
  redis.call('EXPIRE', bucket.key, KEPT)
  if number > 0 and bucket.hour > 0 then count(bucket.key .. ':hour', 60, 7200, number) end
  if number > 0 and bucket.day > 0 then count(bucket.key .. ':day', 1800, 2 * KEPT, number) end
end

local commons, left, wait = {}, request.want, 0
for index = 1, request.common do
  local bucket = open(index)
  table.insert(commons, bucket)
  left = math.min(left, bucket.left)
  wait = math.max(wait, bucket.wait)
end
local shut = left < 1 and 1 or 0
local granted, total, soonest = {}, 0, nil
for number, count_ in ipairs(request.counts) do
  local bucket, part = open(request.common + number), 0
  if left > 0 then part = math.min(count_, left, bucket.left) end
  if part == 0 then soonest = math.min(soonest or bucket.wait, bucket.wait) end
  close(bucket, part)
  left, total = left - part, total + part
  table.insert(granted, part)
end
for _, bucket in ipairs(commons) do
  if request.urgent and total == 0 and request.want > 0 then
    redis.call('HSET', bucket.key, 'urgent', now + STANDS_BACK)
  end
  close(bucket, total)
end
if total > 0 then wait = 0 else wait = math.max(wait, soonest or 0) end
return {granted, tostring(wait), unknown, shut}
