{{ staged(source("framework", "opinion_raise")) }}
