{{ staged(source("framework", "measures")) }}
