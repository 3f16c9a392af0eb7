{{ staged(source("framework", "inputs")) }}
