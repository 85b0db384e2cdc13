-- Writes what a change has made of a user's cached state, in one step.
-- KEYS one for each entry
-- ARGV four for each entry: what it is, version, TTL in milliseconds, value
--   document  stored only if it is newer than what is there; without a value it is a tombstone,
--             which keeps older values out and lets a value of its own version in
--   live      a session that PostgreSQL has just confirmed; never overwrites
--   revoked   a session that has ended; always overwrites
local jitter = tonumber(redis.call('TIME')[2]) % 1000 / 10000

for index, key in ipairs(KEYS) do
    local kind, version, ttl, value = ARGV[4 * index - 3], ARGV[4 * index - 2], ARGV[4 * index - 1], ARGV[4 * index]
    if kind == 'document' then
        local stored = redis.call('HGET', key, 'version')
        local newer = not stored or tonumber(stored) < tonumber(version)
        local fills = stored == version and value ~= '' and redis.call('HEXISTS', key, 'document') == 0
        if newer or fills then
            -- Never without the key: if its slot is just being moved, what is gone can't be written here.
            redis.call('HSET', key, 'version', version)
            if value ~= '' then
                redis.call('HSET', key, 'document', value)
                ttl = math.floor(ttl * (1 - jitter))
            else
                redis.call('HDEL', key, 'document')
            end
            redis.call('PEXPIRE', key, ttl)
        end
        -- Stored or refused: nobody needs to wait for it any more.
        redis.call('HDEL', key, 'awaited_until')
    elseif kind == 'live' then
        redis.call('SET', key, 'live', 'PX', ttl, 'NX')
    else
        redis.call('SET', key, 'revoked', 'PX', ttl)
    end
end
return redis.status_reply('OK')
