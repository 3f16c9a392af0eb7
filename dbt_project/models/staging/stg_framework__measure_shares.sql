{{ staged(source("framework", "measure_shares")) }}
