-- A window whose count was lost begins with what the ledger says has left in it; the first one to say so is heard.
--
-- KEYS[1]  the window
-- ARGV     mails, seconds of one slot, seconds it lasts
if redis.call('HSETNX', KEYS[1], 'seeded', '1') == 1 then
  redis.call('HINCRBY', KEYS[1], math.floor(redis.call('TIME')[1] / tonumber(ARGV[2])), ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return 1
