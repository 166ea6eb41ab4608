"""The pages of documents from above, their tasks and the weekly work with them."""
