-- Claims a place for computing a password hash, or a place in the line of those who wait for one. What
-- its holder has left behind by dying is free again when its time is up.
-- KEYS who computes, who waits
-- ARGV how many compute at once, how many compute and wait at once, a name for this claim, the longest
--   time of a hash and of a wait between two claims, both in microseconds
-- answers 1 if the place is ours, 2 if we may wait, 0 if too many do; and how many wait
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local name = ARGV[3]
for _, key in ipairs(KEYS) do
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now))
end

local function hold(key, longest)
    redis.call('ZADD', key, string.format('%.0f', now + longest), name)
    redis.call('PEXPIRE', key, math.ceil(longest / 1000))
end

local computing = redis.call('ZCARD', KEYS[1])
local is_waiting = redis.call('ZREM', KEYS[2], name) == 1
local waiting = redis.call('ZCARD', KEYS[2])
if not is_waiting and computing + waiting >= tonumber(ARGV[2]) then return { 0, waiting } end
if computing < tonumber(ARGV[1]) then
    hold(KEYS[1], tonumber(ARGV[4]))
    return { 1, waiting }
end
hold(KEYS[2], tonumber(ARGV[5]))
return { 2, waiting + 1 }
