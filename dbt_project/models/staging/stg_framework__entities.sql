{{ staged(source("framework", "entities")) }}
