-- How many connections to a relay a process may hold: a fair part of all, never what others have not given back yet.
--
-- KEYS[1]  the relay's connections: a hash of process to "held:until when we believe it"
-- ARGV     the process, connections it holds or wants, the most for all processes together
local BELIEVED = 120
local time = redis.call('TIME')
local now = tonumber(time[1])
local process, wanted, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local others, processes = 0, 1
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local held, till = string.match(all[i + 1], '(%d+):(%d+)')
  if tonumber(till) < now then
    redis.call('HDEL', KEYS[1], all[i])
  elseif all[i] ~= process then
    others, processes = others + tonumber(held), processes + 1
  end
end
local may = math.max(0, math.min(wanted, math.max(1, math.floor(most / processes)), most - others))
redis.call('HSET', KEYS[1], process, string.format('%d:%d', may, now + BELIEVED))
redis.call('EXPIRE', KEYS[1], BELIEVED)
return may
