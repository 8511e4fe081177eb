"""The design system: base page, navigation, components, lists. Knows nothing of the product."""
