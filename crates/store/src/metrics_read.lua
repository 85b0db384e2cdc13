-- What all instances have counted.
-- KEYS values, servers that are left alone, users who were active: of today, and of the days before
-- answers how many were active today, how many on all these days, how many servers there are; for each
--   server its name and for how many seconds nobody has tried it in vain; for each value its name and it
local days = {}
for index = 3, #KEYS do days[#days + 1] = KEYS[index] end
local now = tonumber(redis.call('TIME')[1])
local servers = redis.call('HGETALL', KEYS[2])
local answer = { redis.call('PFCOUNT', KEYS[3]), redis.call('PFCOUNT', unpack(days)), #servers / 2 }
for index = 1, #servers, 2 do
    answer[#answer + 1] = servers[index]
    answer[#answer + 1] = now - tonumber(servers[index + 1])
end
for _, entry in ipairs(redis.call('HGETALL', KEYS[1])) do answer[#answer + 1] = entry end
return answer
