{{ staged(source("framework", "input_bands")) }}
