-- What a request needs, in one step: leave to go on and, if its caller is known, the state of his
-- session, the version of his last change that is known of, and a cached document. The limit is GCRA
-- (the generic cell rate algorithm) by Redis' own clock; whoever comes with a session that has ended is
-- not counted. Of several who miss the same, the first is to leave it here, and the others are told to
-- wait for it.
-- KEYS limit; session, who asks for the session, user document, wanted document (each may be absent)
-- ARGV microseconds for one request, burst, milliseconds in which what is missing should be here
-- answers session, allowed (0 or 1), remaining, milliseconds until one more, version, document, whether
--   to wait (0 or 1)
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, burst, patience = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local session = false
if KEYS[2] then session = redis.call('GET', KEYS[2]) end
local arrival = tonumber(redis.call('GET', KEYS[1]) or now)
if arrival < now then arrival = now end
local next_arrival = arrival + interval
local allowed_at = next_arrival - interval * burst
local allowed = allowed_at <= now
local remaining, wait = 0, 0
if session == 'revoked' then
    allowed = true
elseif allowed then
    redis.call('SET', KEYS[1], string.format('%.0f', next_arrival), 'PX', math.ceil((next_arrival - now) / 1000) + 1)
    remaining = math.floor((now - allowed_at) / interval)
    wait = math.ceil(math.max(0, allowed_at + interval - now) / 1000)
else
    wait = math.ceil((allowed_at - now) / 1000)
end

local version, document = false, false
if KEYS[4] then version = redis.call('HGET', KEYS[4], 'version') end
if KEYS[5] then document = redis.call('HGET', KEYS[5], 'document') end

local first, later = false, false
if allowed and session ~= 'revoked' then
    if KEYS[3] and not session then
        if redis.call('SET', KEYS[3], '', 'NX', 'PX', patience) then first = true else later = true end
    end
    if KEYS[5] and not document then
        -- In the document's own hash: whoever writes there, a tombstone too, ends the waiting.
        if tonumber(redis.call('HGET', KEYS[5], 'awaited_until') or 0) > now then
            later = true
        else
            first = true
            redis.call('HSET', KEYS[5], 'awaited_until', string.format('%.0f', now + patience * 1000))
            if redis.call('HLEN', KEYS[5]) == 1 then redis.call('PEXPIRE', KEYS[5], patience) end
        end
    end
end
return { session, allowed and 1 or 0, remaining, wait, version, document, later and not first and 1 or 0 }
