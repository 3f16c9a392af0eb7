{{ staged(source("framework", "screens")) }}
