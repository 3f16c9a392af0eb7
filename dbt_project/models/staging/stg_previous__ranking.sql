{{ staged(source("previous", "ranking")) }}
