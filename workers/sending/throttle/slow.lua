-- Somebody asked us to slow down: half of what was let through lately, from which the rate doubles again in half a minute.
--
-- KEYS[1]  the bucket
-- ARGV     the ceiling of its rate, the rate it starts at, seconds in which nothing is to leave at all, the most it
--          begins with after such a pause, the least it is slowed down to
local CALM, AGAIN, DOUBLES, KEPT = 5, 5, 30, 86400
local ceiling, start, pause, after, least = unpack(ARGV)
ceiling, start, pause, after, least = tonumber(ceiling), tonumber(start), tonumber(pause), tonumber(after), tonumber(least)
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local found = redis.call('HMGET', KEYS[1], 'at', 'base', 'since', 'per', 'flow', 'slowed', 'till')
for i = 1, 7 do found[i] = tonumber(found[i] or '') end
local till = math.max(found[7] or 0, pause > 0 and now + pause or 0)
redis.call('HSET', KEYS[1], 'till', till)
redis.call('EXPIRE', KEYS[1], KEPT)
-- All connections hear the same "not so fast" in one moment: that is one word, not sixteen.
if found[6] and now - found[6] < AGAIN then return 0 end
local base, since, per = found[2] or math.min(ceiling, start), found[3] or now, found[4] or 1
local rate = math.min(ceiling, base * 2 ^ (math.max(0, now - since) / per))
-- The rate that was allowed may be far above what was used: halving it would change nothing.
local flow = (found[5] or 0) * math.exp(-math.max(0, now - (found[1] or now)) / CALM)
base = math.max(math.min(least, ceiling), math.min(rate, flow) / 2)
if pause > 0 then base = math.min(base, after) end
redis.call('HSET', KEYS[1], 'tokens', 0, 'at', now, 'base', base, 'since', math.max(now, till), 'per', DOUBLES,
  'flow', flow, 'slowed', now)
return 1
