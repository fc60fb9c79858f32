"""Zhengwen's crawler: asks and fetches, and is the only code that touches the network."""
