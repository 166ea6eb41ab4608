"""Flows: one table per kind of record, from which everything about its life is derived."""

from anlan.kernel.flow.declare import Check, Flow, FlowError, Nothing, Rung, State, Step, Taking, Wait, flows

__all__ = ["Check", "Flow", "FlowError", "Nothing", "Rung", "State", "Step", "Taking", "Wait", "flows"]
