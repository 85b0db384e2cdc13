-- The major version of the server that runs this.
-- KEYS any
return string.match(redis.REDIS_VERSION or 'unknown', '^[^.]+')
