{{ staged(source("framework", "grades")) }}
