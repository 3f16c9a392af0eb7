{{ staged(source("analysis", "rank_interval")) }}
