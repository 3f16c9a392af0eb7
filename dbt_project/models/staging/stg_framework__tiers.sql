{{ staged(source("framework", "tiers")) }}
