{{ staged(source("intake", "deliveries")) }}
