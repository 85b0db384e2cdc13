-- Whether a request may go to a service. When the pause is over, this request is the trial, and
-- others go on waiting for what it finds.
-- KEYS the circuit
-- ARGV milliseconds that a trial has to itself
-- answers milliseconds to wait (0: go on), and whether there were failures (0 or 1) or this is the trial (2)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local open_until = redis.call('HGET', KEYS[1], 'open_until')
if not open_until then return { 0, redis.call('EXISTS', KEYS[1]) } end
if tonumber(open_until) > now then return { tonumber(open_until) - now, 1 } end
redis.call('HSET', KEYS[1], 'open_until', string.format('%.0f', now + tonumber(ARGV[1])))
return { 0, 2 }
