{{ staged(source("framework", "measure_inputs")) }}
