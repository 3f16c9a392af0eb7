{{ staged(source("framework", "predecessors")) }}
