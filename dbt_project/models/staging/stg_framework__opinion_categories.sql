{{ staged(source("framework", "opinion_categories")) }}
