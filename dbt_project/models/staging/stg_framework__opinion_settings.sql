{{ staged(source("framework", "opinion_settings")) }}
