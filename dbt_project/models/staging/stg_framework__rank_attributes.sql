{{ staged(source("framework", "rank_attributes")) }}
