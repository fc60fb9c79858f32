"""Stand-ins on loopback, reached by the platforms' real addresses through a proxy: nothing in the product knows of them."""
