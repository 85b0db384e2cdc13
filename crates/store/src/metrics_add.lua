-- Adds what an instance has counted to what all have.
-- KEYS values, users who were active today, servers that are left alone
-- ARGV how many values, how many servers, seconds that the users are kept; for each value its name and
--   how much to add; for each server its name and whether it is left alone (0 or 1); then users
local values, servers, kept = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local at = 4
for _ = 1, values do
    redis.call('HINCRBYFLOAT', KEYS[1], ARGV[at], ARGV[at + 1])
    at = at + 2
end
for _ = 1, servers do
    if ARGV[at + 1] == '1' then
        redis.call('HSET', KEYS[3], ARGV[at], redis.call('TIME')[1])
    else
        redis.call('HDEL', KEYS[3], ARGV[at])
    end
    at = at + 2
end
if ARGV[at] then
    for index = at, #ARGV do
        redis.call('PFADD', KEYS[2], ARGV[index])
    end
    redis.call('EXPIRE', KEYS[2], kept)
end
return redis.status_reply('OK')
