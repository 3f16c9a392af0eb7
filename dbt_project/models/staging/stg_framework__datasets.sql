{{ staged(source("framework", "datasets")) }}
