{{ staged(source("intake", "cells")) }}
