{{ staged(source("framework", "workdays")) }}
