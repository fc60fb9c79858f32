-- What all workers of a cluster owe to one host: the semantics of crawler/hosts/host_state.py, whose constants are put in
-- front of this text. One table of cases drives both (tests/crawler/cluster/test_host_states.py).
-- KEYS: the hash of the host, the sorted set of the workers (until when each is alive).
-- ARGV: the operation, the time ("": that of the server), the operation's own.
local key, workers, op = KEYS[1], KEYS[2], ARGV[1]
local now = tonumber(ARGV[2])
if not now then
  local time = redis.call('TIME')
  now = time[1] + time[2] / 1000000
end

local function text(number) return string.format('%.17g', number) end

local changed = false
local function new() changed = true; return {next = now + 1, booked = 1, closed_until = 0, gap = 0} end

local function read()
  local values = redis.call('HMGET', key, 'next', 'booked', 'closed_until', 'gap')
  local state = {}
  for place, name in ipairs({'next', 'booked', 'closed_until', 'gap'}) do
    state[name] = tonumber(values[place] or '0')
    if not state[name] or state[name] ~= state[name] then return new() end
  end
  if state.booked < 0 or state.booked > LONGEST or state.gap < 0 or state.gap > LONGEST then
    return new()
  end
  if state.next > now + state.booked then state.next, changed = now + state.booked, true end
  if state.closed_until > now + LONGEST then state.closed_until, changed = now, true end
  return state
end

local state = read()

local function write()
  for name, value in pairs(state) do redis.call('HSET', key, name, text(value)) end
end
if changed then write() end

-- A Crawl-delay counts for all workers for a day, also for those that have not read the robots.txt yet.
local function crawl_delay()
  local values = redis.call('HMGET', key, 'crawl_delay', 'crawl_delay_until')
  if (tonumber(values[2] or '0') or 0) > now then return tonumber(values[1] or '0') or 0 end
  return 0
end

local function book(gap)
  state.booked = math.min(math.max(gap, state.gap, crawl_delay()), LONGEST)
  state.next = now + state.booked
  write()
end

local function is_alive(slot)
  local until_ = redis.call('ZSCORE', workers, string.match(slot, '^(.*) [^ ]*$') or '')
  return until_ and tonumber(until_) > now
end

local function free(slot)
  if redis.call('HGET', key, 'slot') == slot then redis.call('HDEL', key, 'slot') end
end

if op == 'wait' then
  return text(math.max(0, state.next - now, state.closed_until - now))
elseif op == 'closed_for' then
  return text(math.max(0, state.closed_until - now))
elseif op == 'take_slot' then
  local slot = redis.call('HGET', key, 'slot')
  if slot and is_alive(slot) then return false end
  if slot then book(tonumber(ARGV[4])) end -- its worker died, and its request may have left
  redis.call('HSET', key, 'slot', ARGV[3])
  return ARGV[3]
elseif op == 'use_slot' then
  book(tonumber(ARGV[4]))
  free(ARGV[3])
elseif op == 'drop_slot' then
  free(ARGV[3])
elseif op == 'close' then
  state.closed_until = math.max(state.closed_until, now + math.min(tonumber(ARGV[3]), LONGEST))
  write()
elseif op == 'back_off' then
  local gap = tonumber(ARGV[3])
  state.gap = math.max(gap, math.min(SLOWEST, 2 * math.max(gap, state.gap)))
  write()
  return text(state.gap)
elseif op == 'ease' then
  if state.gap * EASE <= tonumber(ARGV[3]) then state.gap = 0 else state.gap = state.gap * EASE end
  write()
elseif op == 'set_crawl_delay' then
  redis.call('HSET', key, 'crawl_delay', ARGV[3], 'crawl_delay_until', text(now + LONGEST))
elseif op == 'crawl_delay' then
  return text(crawl_delay())
else
  return redis.error_reply('no operation ' .. op)
end
