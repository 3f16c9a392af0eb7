{{ staged(source("framework", "indicators")) }}
