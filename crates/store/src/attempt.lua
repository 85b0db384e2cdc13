-- Counts an attempt at a strictly limited route: a sliding window that remembers each attempt, so
-- that no window of this length, wherever it begins, holds more than the limit.
-- KEYS log
-- ARGV window in microseconds, limit, a name for this attempt that no other has
-- answers allowed (0 or 1), remaining, milliseconds until one more
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local window, limit = tonumber(ARGV[1]), tonumber(ARGV[2])

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local count = redis.call('ZCARD', KEYS[1])
local allowed = count < limit
if allowed then
    redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[3])
    redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
    count = count + 1
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local wait = 0
if oldest[2] then wait = math.ceil((tonumber(oldest[2]) + window - now) / 1000) end
return { allowed and 1 or 0, limit - count, wait }
