{{ staged(source("framework", "opinion_deductions")) }}
