{{ staged(source("framework", "reference_sets")) }}
