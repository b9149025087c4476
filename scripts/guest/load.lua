-- SPDX-License-Identifier: GPL-2.0-only
--
-- load: GETs keys by a skewed draw: HOT_PERCENT of the GETs go to the HOT
-- hottest keys, the others to the remaining keys, evenly within each part.
-- ARGV: KEYS HOT HOT_PERCENT STRIDE GETS SEED. KEYS is a power of two and STRIDE
-- is odd, so rank * STRIDE mod KEYS visits every key once and scatters the hot
-- ranks over all keys; scripts/demo/keyshare.c counts by the same rule.
-- Answers the numbers so far: GETs, GETs of hot keys.
local keys, hot = tonumber(ARGV[1]), tonumber(ARGV[2])
local percent, stride = tonumber(ARGV[3]), tonumber(ARGV[4])
local gets, gets_hot = tonumber(ARGV[5]), 0

math.randomseed(tonumber(ARGV[6]))
for _ = 1, gets do
	local rank

	if math.random(100) <= percent then
		rank = math.random(hot) - 1
		gets_hot = gets_hot + 1
	else
		rank = hot + math.random(keys - hot) - 1
	end
	redis.call('GET', 'key:' .. (rank * stride % keys))
end
return redis.call('INCRBY', 'gets', gets) .. ' ' ..
	redis.call('INCRBY', 'gets_hot', gets_hot)
