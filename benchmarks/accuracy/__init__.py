"""How much of what pages say comes out right: ours and the peers on a folder of pages with gold."""
