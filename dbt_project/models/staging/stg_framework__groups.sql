{{ staged(source("framework", "groups")) }}
