{{ staged(source("framework", "confirmation_values")) }}
