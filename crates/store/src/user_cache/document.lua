-- Reads a document for somebody else than its user. As in request.lua, the first who misses it is to
-- leave it here, and the others are told to wait for it.
-- KEYS document
-- ARGV milliseconds in which what is missing should be here
-- answers document, whether to wait (0 or 1)
local document = redis.call('HGET', KEYS[1], 'document')
if document then return { document, 0 } end
local time = redis.call('TIME')
local now, patience = time[1] * 1000000 + time[2], tonumber(ARGV[1])
if tonumber(redis.call('HGET', KEYS[1], 'awaited_until') or 0) > now then return { false, 1 } end
redis.call('HSET', KEYS[1], 'awaited_until', string.format('%.0f', now + patience * 1000))
if redis.call('HLEN', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], patience) end
return { false, 0 }
