-- Counts a failure of a service. Enough of them, or a failed trial, open the circuit.
-- KEYS the circuit
-- ARGV failures that open it, milliseconds within which they count, milliseconds for which it is open
-- answers whether this failure has opened a closed circuit (0 or 1)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
if failures == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if failures >= tonumber(ARGV[1]) then
    redis.call('HSET', KEYS[1], 'open_until', string.format('%.0f', now + tonumber(ARGV[3])))
    -- It is remembered for longer than it is open, so that a trial decides.
    redis.call('PEXPIRE', KEYS[1], ARGV[2] + ARGV[3])
end
return failures == tonumber(ARGV[1]) and 1 or 0
