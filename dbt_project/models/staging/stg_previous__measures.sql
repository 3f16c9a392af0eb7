{{ staged(source("previous", "measures")) }}
