{{ staged(source("framework", "measure_bands")) }}
