from anlan.registry.actions.industries import load_industries

__all__ = ["load_industries"]
