{{ staged(source("framework", "entity_attributes")) }}
