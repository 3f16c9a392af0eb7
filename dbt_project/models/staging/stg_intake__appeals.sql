{{ staged(source("intake", "appeals")) }}
