{{ staged(source("intake", "opinion_items")) }}
