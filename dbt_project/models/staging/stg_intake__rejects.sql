{{ staged(source("intake", "rejects")) }}
