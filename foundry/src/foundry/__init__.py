"""How mini is made: portraits are rendered, its parts are trained on them, judged and exported."""
