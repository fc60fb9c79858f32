"""What a platform's file is made with: selectors, feeds, JSON lists, TOML, the scaffold."""
