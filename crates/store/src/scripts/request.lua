-- What a request needs, in one step: leave to go on and, if its caller is known, the state of his
-- session, the version of his last change that is known of, and a cached document. The limit is GCRA (the generic cell rate algorithm) by Redis' own
-- clock; whoever comes with a session that has ended is not counted.
-- KEYS limit; session, user document, wanted document (each may be absent)
-- ARGV microseconds for one request, burst
-- answers session, allowed (0 or 1), remaining, milliseconds until one more, version, document
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])

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
if KEYS[3] then version = redis.call('HGET', KEYS[3], 'version') end
if KEYS[4] then document = redis.call('HGET', KEYS[4], 'document') end
return { session, allowed and 1 or 0, remaining, wait, version, document }
