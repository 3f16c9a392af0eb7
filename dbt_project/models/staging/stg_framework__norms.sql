{{ staged(source("framework", "norms")) }}
