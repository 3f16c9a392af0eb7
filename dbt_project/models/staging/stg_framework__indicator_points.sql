{{ staged(source("framework", "indicator_points")) }}
