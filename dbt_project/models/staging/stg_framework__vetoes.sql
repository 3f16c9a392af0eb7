{{ staged(source("framework", "vetoes")) }}
