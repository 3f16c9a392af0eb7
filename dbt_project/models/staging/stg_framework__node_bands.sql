{{ staged(source("framework", "node_bands")) }}
