-- Who has which request and which account of one platform. A worker is alive until its lease ends; what a dead one had goes
-- back to the others. Crawls of all workers at one time are a round: it begins with the first worker and is over when nothing
-- is left to do.
-- KEYS: the beginning of the platform's keys, the sorted set of the workers of all platforms. ARGV: the operation, its values.
--   round, opened        the id of the round, and when it began
--   members              sorted set: workers of this platform, until when each is alive; incarnation: hash, each one's process
--   requests             sorted set, as of scrapy-redis: requests for any worker; own:WORKER for that one, work:WORKER in work
--   dupefilter           set, as of scrapy-redis; claims: hash, for which article each fingerprint was asked
--   asked                hash: for which account each article was asked; articles: hash, which worker's archive has each
--   units                hash: the accounts of the round; todo, todo:WORKER: lists of those that nobody walks yet; parked: set,
--                        the WORKERs of such lists; walks: hash, who walks through each; done: set; homes: hash, who did last
local prefix, workers, op = KEYS[1], KEYS[2], ARGV[1]
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local function key(name) return prefix .. name end

local function move(from, to)
  local members = redis.call('ZRANGE', from, 0, -1, 'WITHSCORES')
  for place = 1, #members, 2 do redis.call('ZADD', to, members[place + 1], members[place]) end
  redis.call('DEL', from)
  return #members / 2
end

local function unpark(worker)
  while redis.call('LMOVE', key('todo:' .. worker), key('todo'), 'LEFT', 'RIGHT') do end
  redis.call('SREM', key('parked'), worker)
end

local function bury(worker)
  local moved = move(key('work:' .. worker), key('requests')) + move(key('own:' .. worker), key('requests'))
  local walks = redis.call('HGETALL', key('walks'))
  for place = 1, #walks, 2 do
    if walks[place + 1] == worker then
      redis.call('HDEL', key('walks'), walks[place])
      redis.call('RPUSH', key('todo'), walks[place])
      moved = moved + 1
    end
  end
  unpark(worker)
  local member = redis.call('HGET', key('incarnation'), worker)
  if member then redis.call('ZREM', workers, member) end
  redis.call('ZREM', key('members'), worker)
  redis.call('HDEL', key('incarnation'), worker)
  redis.call('DEL', key('runs:' .. worker))
  return moved
end

local function clear()
  for _, account in ipairs(redis.call('HKEYS', key('units'))) do redis.call('DEL', key('answers:' .. account)) end
  for _, name in ipairs({'round', 'opened', 'dupefilter', 'claims', 'asked', 'units', 'todo', 'walks', 'done', 'blocked', 'given_up'}) do
    redis.call('DEL', key(name))
  end
end

local function live(worker, member)
  return redis.call('HGET', key('incarnation'), worker) == member and redis.call('ZSCORE', key('members'), worker)
end

local function pending()
  local count = redis.call('ZCARD', key('requests'))
  for _, worker in ipairs(redis.call('ZRANGE', key('members'), 0, -1)) do
    count = count + redis.call('ZCARD', key('own:' .. worker)) + redis.call('ZCARD', key('work:' .. worker))
  end
  return count
end

local function first(queue)
  local top = redis.call('ZRANGE', queue, 0, 0, 'WITHSCORES')
  if top[1] then return top[1], tonumber(top[2]) end
end

if op == 'join' then -- worker, member, lease, round, run
  local before = redis.call('HGET', key('incarnation'), ARGV[2])
  if before and before ~= ARGV[3] then redis.call('ZREM', workers, before) end
  redis.call('HSET', key('incarnation'), ARGV[2], ARGV[3])
  redis.call('ZADD', key('members'), now + ARGV[4], ARGV[2])
  redis.call('ZADD', workers, now + ARGV[4], ARGV[3])
  if redis.call('EXISTS', key('round')) == 0 then
    clear()
    redis.call('SET', key('round'), ARGV[5])
    redis.call('SET', key('opened'), string.format('%.6f', now))
  end
  redis.call('SADD', key('runs:' .. ARGV[2]), ARGV[6])
  return redis.call('GET', key('round'))
elseif op == 'beat' then -- worker, member, lease
  if not live(ARGV[2], ARGV[3]) then return 0 end
  redis.call('ZADD', key('members'), now + ARGV[4], ARGV[2])
  redis.call('ZADD', workers, now + ARGV[4], ARGV[3])
  return 1
elseif op == 'leave' then -- worker, member
  if not live(ARGV[2], ARGV[3]) then return 0 end
  return bury(ARGV[2])
elseif op == 'reap' then -- lease
  local moved = 0
  for _, worker in ipairs(redis.call('ZRANGEBYSCORE', key('members'), '-inf', now)) do moved = moved + bury(worker) end
  redis.call('ZREMRANGEBYSCORE', workers, '-inf', now - 86400)
  if now - (redis.call('GET', key('opened')) or now) > tonumber(ARGV[2]) then
    for _, worker in ipairs(redis.call('SMEMBERS', key('parked'))) do
      if not redis.call('ZSCORE', key('members'), worker) then unpark(worker) end
    end
  end
  return moved
elseif op == 'offer' then -- account, what is known of it
  if redis.call('HSETNX', key('units'), ARGV[2], ARGV[3]) == 0 then return 0 end
  local home = redis.call('HGET', key('homes'), ARGV[2])
  if home then redis.call('SADD', key('parked'), home) end
  redis.call('RPUSH', key(home and 'todo:' .. home or 'todo'), ARGV[2])
  return 1
elseif op == 'take' then -- worker, member
  if not live(ARGV[2], ARGV[3]) then return false end
  local account = redis.call('LPOP', key('todo:' .. ARGV[2])) or redis.call('LPOP', key('todo'))
  if not account then return false end
  redis.call('HSET', key('walks'), account, ARGV[2])
  redis.call('HSET', key('homes'), account, ARGV[2])
  return {account, redis.call('HGET', key('units'), account)}
elseif op == 'done' then -- worker, account
  if redis.call('HGET', key('walks'), ARGV[3]) ~= ARGV[2] then return 0 end
  redis.call('HDEL', key('walks'), ARGV[3])
  redis.call('SADD', key('done'), ARGV[3])
  return 1
elseif op == 'retake' then -- worker: the accounts that it walked when it died are to be walked anew, by itself
  local walks = redis.call('HGETALL', key('walks'))
  for place = 1, #walks, 2 do
    if walks[place + 1] == ARGV[2] then
      redis.call('HDEL', key('walks'), walks[place])
      redis.call('SADD', key('parked'), ARGV[2])
      redis.call('LPUSH', key('todo:' .. ARGV[2]), walks[place])
    end
  end
elseif op == 'push' then -- worker ("": any), score, request, fingerprint ("": any number of times), article, account, redirected
  if ARGV[6] ~= '' and ARGV[7] ~= '' then
    local account = redis.call('HGET', key('asked'), ARGV[6])
    if account and account ~= ARGV[7] then return 'taken' end
    redis.call('HSETNX', key('asked'), ARGV[6], ARGV[7])
  end
  if ARGV[5] ~= '' then
    if redis.call('SADD', key('dupefilter'), ARGV[5]) == 0 then
      local again = ARGV[8] == '' and ARGV[6] ~= '' and redis.call('HGET', key('claims'), ARGV[5]) == ARGV[6]
      return again and 'again' or 'seen'
    end
    redis.call('HSET', key('claims'), ARGV[5], ARGV[6])
  end
  local number = string.format('%016d', redis.call('INCR', key('number')))
  redis.call('ZADD', key(ARGV[2] ~= '' and 'own:' .. ARGV[2] or 'requests'), ARGV[3], number .. ARGV[4])
  return 'queued'
elseif op == 'pop' then -- worker, member, the score that must be lower ("": any), whether those for any worker count
  if not live(ARGV[2], ARGV[3]) then return false end
  local request, score = first(key('own:' .. ARGV[2]))
  local queue = 'own:' .. ARGV[2]
  if ARGV[5] == '1' then
    local other, its = first(key('requests'))
    if other and (not request or its < score) then request, score, queue = other, its, 'requests' end
  end
  if not request or (ARGV[4] ~= '' and score >= tonumber(ARGV[4])) then return false end
  redis.call('ZREM', key(queue), request)
  redis.call('ZADD', key('work:' .. ARGV[2]), score, request)
  return request
elseif op == 'give_back' then -- worker, request
  local score = redis.call('ZSCORE', key('work:' .. ARGV[2]), ARGV[3])
  if not score then return 0 end
  redis.call('ZREM', key('work:' .. ARGV[2]), ARGV[3])
  return redis.call('ZADD', key('own:' .. ARGV[2]), score, ARGV[3])
elseif op == 'pending' then
  return pending()
elseif op == 'end' then -- round: whether it is over; then what was its own is forgotten
  if redis.call('GET', key('round')) ~= ARGV[2] then return 1 end
  if pending() > 0 or redis.call('HLEN', key('walks')) > 0 or redis.call('LLEN', key('todo')) > 0 then return 0 end
  for _, worker in ipairs(redis.call('SMEMBERS', key('parked'))) do
    if redis.call('LLEN', key('todo:' .. worker)) > 0 then return 0 end
  end
  redis.call('DEL', key('parked'))
  clear()
  return 1
else
  return redis.error_reply('no operation ' .. op)
end
