{{ staged(source("framework", "edition")) }}
