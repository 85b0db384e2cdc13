-- Failures of one client: the first ones are free, each further one doubles the time until it may try again.
-- KEYS failures
-- ARGV 1 to note a failure or 0, free failures, seconds in which they are forgotten, longest wait in seconds
-- answers free failures that are left, milliseconds until the next try
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local free = tonumber(ARGV[2])
local failures, until_when = 0, 0
if ARGV[1] == '1' then
    failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
    if failures > free then
        local wait = math.min(2 ^ math.min(failures - free - 1, 30), tonumber(ARGV[4])) * 1000
        redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + wait))
    end
    redis.call('EXPIRE', KEYS[1], ARGV[3])
else
    failures = tonumber(redis.call('HGET', KEYS[1], 'failures') or 0)
end
until_when = tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
return { math.max(free - failures, 0), math.max(until_when - now, 0) }
