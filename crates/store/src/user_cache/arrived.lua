-- What a request that was told to wait looks at again: what request.lua reads, and no limit.
-- KEYS session, user document, wanted document (each may be absent)
-- answers session, version, document, whether the document is refused: neither there nor on its way
local version, document, refused = false, false, 0
if KEYS[2] then version = redis.call('HGET', KEYS[2], 'version') end
if KEYS[3] then
    document = redis.call('HGET', KEYS[3], 'document')
    if not document and redis.call('HEXISTS', KEYS[3], 'awaited_until') == 0 then refused = 1 end
end
return { redis.call('GET', KEYS[1]), version, document, refused }
