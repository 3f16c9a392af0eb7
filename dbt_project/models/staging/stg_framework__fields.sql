{{ staged(source("framework", "fields")) }}
