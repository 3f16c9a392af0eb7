"""The assets, a module a layer, in the order in which data pass them. Each calls one function of a room and reports what came of it."""
