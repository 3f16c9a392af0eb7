{{ staged(source("intake", "versions")) }}
